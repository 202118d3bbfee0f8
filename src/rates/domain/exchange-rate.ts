import { minorDigits } from '../../kernel/money.js';
import { isLocalDate } from '../../kernel/period.js';
import { multiplyRatio, parseRatio, type Ratio, ratio } from '../../kernel/ratio.js';

/** What the operator imports: one unit of `base` is `rate` units of `quote`, from the local date `validFrom` on. */
export interface ExchangeRate {
  readonly base: string;
  readonly quote: string;
  readonly validFrom: string;
  /** As it was written: a plain decimal, without zeros at the end. */
  readonly rate: string;
}

export type ParsedRate =
  { readonly kind: 'rate'; readonly rate: string } | { readonly kind: 'faulty'; readonly detail: string };

// 18 digits, and 9 of them before the point: the weakest currencies stand at some millions to one, and a rate with more digits than
// anybody publishes is a figure out of a spreadsheet's floating point.
const RATE = /^(0|[1-9][0-9]{0,8})(?:\.([0-9]+))?$/;
const MAX_DIGITS = 18;

/** Reads a rate exactly: a plain decimal greater than 0 of at most 18 digits, 9 of them before the point. */
export function parseRate(text: string): ParsedRate {
  const [, whole, fraction = ''] = RATE.exec(text) ?? [];
  if (whole === undefined)
    return faulty('must be a plain decimal such as "1.0875", with at most 9 digits before the point');
  if (whole.length + fraction.length > MAX_DIGITS) return faulty(`must have at most ${MAX_DIGITS} digits`);
  const significant = fraction.replace(/0+$/, '');
  const rate = significant === '' ? whole : `${whole}.${significant}`;
  return rate === '0' ? faulty('must be more than 0') : { kind: 'rate', rate };
}

/**
 * Minor units of `quote` for one minor unit of `base`, exactly: 1 USD = 150.25 JPY makes 1 cent 1.5025 yen. Throws
 * UnknownCurrencyError, and RangeError on what `parseRate` refuses to read.
 */
export function minorRatio({ base, quote, rate }: Omit<ExchangeRate, 'validFrom'>): Ratio {
  const scale = ratio(10n ** BigInt(minorDigits(quote)), 10n ** BigInt(minorDigits(base)));
  return multiplyRatio(parseRatio(rate), scale);
}

/** Whether rates can be valid from this date; an earlier one is a typing error, older than any campaign. */
export function isRateDate(date: string): boolean {
  return isLocalDate(date) && date >= '2000-01-01' && date < '2200-01-01';
}

/** What names a rate in a list of them: two with the same key say something about the same pair and day. */
export function rateKey({ base, quote, validFrom }: Omit<ExchangeRate, 'rate'>): string {
  return `${base}/${quote}/${validFrom}`;
}

function faulty(detail: string): ParsedRate {
  return { kind: 'faulty', detail };
}
