import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addMoney,
  CurrencyMismatchError,
  formatMoney,
  isCurrency,
  minorDigits,
  MoneyFormatError,
  parseMoney,
  subtractMoney,
  UnknownCurrencyError,
} from './money.js';

const currency = fc.constantFrom('EUR', 'USD', 'RUB', 'JPY', 'KRW', 'KWD', 'BHD', 'HUF', 'ISK');
const minor = fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n });

describe('minorDigits', () => {
  it.each([
    ['EUR', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['XOF', 0],
  ])('%s has %d decimals', (code, digits) => {
    expect(minorDigits(code)).toBe(digits);
  });

  it.each([
    ['ISK', 0],
    ['UGX', 0],
    ['HUF', 2],
    ['TWD', 2],
    ['IDR', 2],
    ['COP', 2],
    ['MGA', 2],
    ['IQD', 3],
  ])('%s has the %d decimals of ISO 4217, whatever is shown or paid in cash', (code, digits) => {
    expect(minorDigits(code)).toBe(digits);
  });

  it('an unknown currency has no decimals', () => {
    expect(() => minorDigits('EURO')).toThrow(UnknownCurrencyError);
  });
});

describe('isCurrency', () => {
  it('knows 155 currencies: 16 without decimals, 7 with three, all others with two', () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const codes = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)));
    const digits = codes.filter(isCurrency).map(minorDigits);
    const having = (wanted: number): number => digits.filter((number) => number === wanted).length;
    expect([digits.length, having(0), having(3), having(2)]).toEqual([155, 16, 7, 132]);
  });

  it.each(['XAU', 'XXX', 'XTS', 'XDR', 'CLF', 'UYW', 'CHE', 'BGN', 'DEM', 'eur', '', 'EUR '])(
    'nobody pays in "%s"',
    (code) => {
      expect(isCurrency(code)).toBe(false);
    },
  );
});

describe('parseMoney and formatMoney', () => {
  it('a printed amount reads back as the same amount', () => {
    fc.assert(
      fc.property(minor, currency, (units, code) => {
        const money = { minor: units, currency: code };
        expect(parseMoney(formatMoney(money), code)).toEqual(money);
      }),
    );
  });

  it('an amount is printed with exactly the decimals of its currency', () => {
    fc.assert(
      fc.property(minor, currency, (units, code) => {
        const [, fraction = ''] = formatMoney({ minor: units, currency: code }).split('.');
        expect(fraction).toHaveLength(minorDigits(code));
      }),
    );
  });

  it.each([
    ['12.30', 'EUR', 1230n],
    ['12.3', 'EUR', 1230n],
    ['12', 'EUR', 1200n],
    ['-0.05', 'EUR', -5n],
    ['-0', 'EUR', 0n],
    ['1200', 'JPY', 1200n],
    ['0.001', 'KWD', 1n],
  ])('"%s" %s is %d minor units', (text, code, units) => {
    expect(parseMoney(text, code)).toEqual({ minor: units, currency: code });
  });

  it.each([
    [5n, 'EUR', '0.05'],
    [-5n, 'EUR', '-0.05'],
    [0n, 'EUR', '0.00'],
    [1n, 'KWD', '0.001'],
    [-1200n, 'JPY', '-1200'],
  ])('%d minor units of %s print as "%s"', (units, code, text) => {
    expect(formatMoney({ minor: units, currency: code })).toBe(text);
  });

  it.each([
    '',
    ' ',
    '.5',
    '5.',
    '+5',
    '1,50',
    '1 000',
    '1e3',
    '0x10',
    '007',
    '--1',
    '-',
    'NaN',
    '１２',
    '5\n',
  ])('%j is not an amount', (text) => {
    expect(() => parseMoney(text, 'EUR')).toThrow(MoneyFormatError);
  });

  it.each([
    ['12.345', 'EUR'],
    ['12.300', 'EUR'],
    ['12.0', 'JPY'],
    ['0.0001', 'KWD'],
  ])('"%s" has more decimals than %s', (text, code) => {
    expect(() => parseMoney(text, code)).toThrow(MoneyFormatError);
  });

  it('the largest amount fits a 64-bit column and one digit more is refused', () => {
    const largest = parseMoney(`${'9'.repeat(15)}.999`, 'KWD');
    expect(largest.minor).toBeLessThan(2n ** 63n);
    expect(() => parseMoney('1'.repeat(16), 'KWD')).toThrow(MoneyFormatError);
  });

  it('an amount of an unknown currency cannot be read', () => {
    expect(() => parseMoney('1', 'XXX')).toThrow(UnknownCurrencyError);
  });
});

describe('addMoney and subtractMoney', () => {
  it('what was added can be taken away again', () => {
    fc.assert(
      fc.property(minor, minor, currency, (a, b, code) => {
        const first = { minor: a, currency: code };
        const second = { minor: b, currency: code };
        expect(subtractMoney(addMoney(first, second), second)).toEqual(first);
      }),
    );
  });

  it('two currencies are never mixed', () => {
    const euro = parseMoney('1', 'EUR');
    const yen = parseMoney('1', 'JPY');
    expect(() => addMoney(euro, yen)).toThrow(CurrencyMismatchError);
    expect(() => subtractMoney(euro, yen)).toThrow(CurrencyMismatchError);
  });
});
