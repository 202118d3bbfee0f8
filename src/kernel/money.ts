import { TandemError } from './errors.js';

/** An amount in minor units (cents) of an ISO 4217 currency. May be negative: reversals mirror what they undo. */
export interface Money {
  readonly minor: bigint;
  readonly currency: string;
}

/** The code is not one of the currencies people pay with. */
export class UnknownCurrencyError extends TandemError {
  constructor(currency: string) {
    super('user', 'currency.unknown', `"${currency}" is not an active ISO 4217 currency.`, { status: 400 });
  }
}

/** The text is not an amount of that currency. */
export class MoneyFormatError extends TandemError {
  constructor(detail: string) {
    super('user', 'money.malformed', detail, { status: 400 });
  }
}

/** Two currencies met in one sum. Amounts are converted before they are added, so this is a bug. */
export class CurrencyMismatchError extends TandemError {
  constructor(left: string, right: string) {
    super('unexpected', 'money.currency-mismatch', `${left} and ${right} cannot be added up.`);
  }
}

// ISO 4217 list one as of amendment 180 (1 January 2026). Written out instead of asking Intl: its list and its digits
// come from CLDR and change with the Node build, while two machines must read the same amount alike. CLDR's digits
// are for display: it shows ISK and UGX without decimals as ISO does, but also HUF, IDR, COP, PKR, MGA and others,
// which have two in ISO, and IQD, which has three. ISO decides here.
// Left out: metals, testing codes, XDR, XSU, XUA and fund codes. Nobody pays at a till with them, and the four
// decimals of CLF and UYW would not leave 15 integer digits in a 64-bit column.
// A code that is withdrawn one day stays: past campaigns are still reported in it.
const CODES_BY_DIGITS: readonly (readonly [digits: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'],
  [
    2,
    `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP
    CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
    KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK
    NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB
    TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
];

const DIGITS: ReadonlyMap<string, number> = new Map(
  CODES_BY_DIGITS.flatMap(([digits, codes]) => codes.split(/\s+/).map((code) => [code, digits] as const)),
);

// 15 integer digits and three decimals stay below 2^63, the range of a PostgreSQL bigint.
const MAX_INTEGER_DIGITS = 15;

// The number grammar of JSON without exponents: no plus sign, no leading zeros, digits on both sides of the point.
const PLAIN_DECIMAL = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;

/** Decimals of the currency's minor unit by ISO 4217: EUR 2, JPY 0, KWD 3. Throws {@link UnknownCurrencyError}. */
export function minorDigits(currency: string): number {
  const digits = DIGITS.get(currency);
  if (digits === undefined) throw new UnknownCurrencyError(currency);
  return digits;
}

/** Whether amounts can be kept in this currency. Codes are upper case, as in ISO 4217. */
export function isCurrency(code: string): boolean {
  return DIGITS.has(code);
}

/**
 * Reads a plain decimal in major units, "12.30" or "-5"; fewer decimals than the currency has are fine, more are not,
 * not even zeros: an amount is never rounded on the way in. Throws {@link MoneyFormatError}, {@link UnknownCurrencyError}.
 */
export function parseMoney(amount: string, currency: string): Money {
  const digits = minorDigits(currency);
  const [, sign, whole, fraction = ''] = PLAIN_DECIMAL.exec(amount) ?? [];
  if (whole === undefined) throw new MoneyFormatError('An amount is a plain decimal such as "12.30".');
  if (whole.length > MAX_INTEGER_DIGITS) {
    throw new MoneyFormatError(`An amount has at most ${MAX_INTEGER_DIGITS} digits before the point.`);
  }
  if (fraction.length > digits)
    throw new MoneyFormatError(`${currency} amounts have at most ${digits} decimals.`);
  const minor = BigInt(whole + fraction.padEnd(digits, '0'));
  return { minor: sign === '-' ? -minor : minor, currency };
}

/** The amount in major units with all decimals of its currency: "12.30", "-0.05", "1200" for JPY. */
export function formatMoney(m: Money): string {
  const digits = minorDigits(m.currency);
  const sign = m.minor < 0n ? '-' : '';
  const text = (m.minor < 0n ? -m.minor : m.minor).toString().padStart(digits + 1, '0');
  if (digits === 0) return sign + text;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Throws {@link CurrencyMismatchError}. */
export function addMoney(a: Money, b: Money): Money {
  assertSameCurrency(a, b);
  return { minor: a.minor + b.minor, currency: a.currency };
}

/** Throws {@link CurrencyMismatchError}. */
export function subtractMoney(a: Money, b: Money): Money {
  assertSameCurrency(a, b);
  return { minor: a.minor - b.minor, currency: a.currency };
}

function assertSameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new CurrencyMismatchError(a.currency, b.currency);
}
