import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addRatio,
  compareRatio,
  divideRatio,
  formatRatio,
  multiplyRatio,
  parseRatio,
  type Ratio,
  ratio,
  roundRatio,
  subtractRatio,
} from './ratio.js';

const integer = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
const anyRatio = fc
  .tuple(integer, integer)
  .filter(([, d]) => d !== 0n)
  .map(([n, d]) => ratio(n, d));
const nonZero = anyRatio.filter((r) => r.numerator !== 0n);
const decimals = fc.integer({ min: 0, max: 8 });

const zero = ratio(0n, 1n);
const one = ratio(1n, 1n);
const negate = (r: Ratio): Ratio => subtractRatio(zero, r);

describe('ratio', () => {
  it('the same value has the same fields, however it was written', () => {
    fc.assert(
      fc.property(nonZero, nonZero, (r, factor) => {
        const k = factor.numerator;
        expect(ratio(r.numerator * k, r.denominator * k)).toEqual(r);
      }),
    );
  });

  it('the sign stands in the numerator', () => {
    expect(ratio(2n, -4n)).toEqual({ numerator: -1n, denominator: 2n });
    expect(ratio(0n, -4n)).toEqual({ numerator: 0n, denominator: 1n });
  });

  it('nothing is divided by zero', () => {
    expect(() => ratio(1n, 0n)).toThrow(RangeError);
    expect(() => divideRatio(one, zero)).toThrow(RangeError);
  });
});

describe('arithmetic', () => {
  it('sums and products do not depend on order or grouping', () => {
    fc.assert(
      fc.property(anyRatio, anyRatio, anyRatio, (a, b, c) => {
        for (const operation of [addRatio, multiplyRatio]) {
          expect(operation(a, b)).toEqual(operation(b, a));
          expect(operation(operation(a, b), c)).toEqual(operation(a, operation(b, c)));
        }
      }),
    );
  });

  it('a product distributes over a sum', () => {
    fc.assert(
      fc.property(anyRatio, anyRatio, anyRatio, (a, b, c) => {
        const left = multiplyRatio(a, addRatio(b, c));
        expect(left).toEqual(addRatio(multiplyRatio(a, b), multiplyRatio(a, c)));
      }),
    );
  });

  it('subtraction undoes addition and division undoes multiplication', () => {
    fc.assert(
      fc.property(anyRatio, nonZero, (a, b) => {
        expect(subtractRatio(addRatio(a, b), b)).toEqual(a);
        expect(divideRatio(multiplyRatio(a, b), b)).toEqual(a);
      }),
    );
  });

  it('zero changes no sum and one no product', () => {
    fc.assert(
      fc.property(anyRatio, (a) => {
        expect(addRatio(a, zero)).toEqual(a);
        expect(multiplyRatio(a, one)).toEqual(a);
      }),
    );
  });

  it('a is above b exactly when a - b is positive', () => {
    fc.assert(
      fc.property(anyRatio, anyRatio, (a, b) => {
        expect(compareRatio(a, b)).toBe(compareRatio(subtractRatio(a, b), zero));
        expect(compareRatio(a, b) + compareRatio(b, a)).toBe(0);
        expect(compareRatio(addRatio(a, one), a)).toBe(1);
      }),
    );
  });
});

describe('parseRatio', () => {
  it('a decimal is read exactly', () => {
    expect(parseRatio('0.20')).toEqual(ratio(1n, 5n));
    expect(parseRatio('-12.5')).toEqual(ratio(-25n, 2n));
    expect(parseRatio('-0.5')).toEqual(ratio(-1n, 2n));
    expect(parseRatio('3')).toEqual(ratio(3n, 1n));
  });

  it.each(['', '.5', '5.', '+1', '1e3', '1/2', '1,5', ' 1', '1\n', 'Infinity'])(
    '%j is not a plain decimal',
    (text) => {
      expect(() => parseRatio(text)).toThrow(RangeError);
    },
  );

  it('a formatted decimal reads back as the same value', () => {
    fc.assert(
      fc.property(integer, decimals, (n, places) => {
        const r = ratio(n, 10n ** BigInt(places));
        expect(parseRatio(formatRatio(r, places))).toEqual(r);
      }),
    );
  });
});

describe('rounding', () => {
  it.each([
    ['0.5', 0n],
    ['1.5', 2n],
    ['2.5', 2n],
    ['-0.5', 0n],
    ['-1.5', -2n],
    ['-2.5', -2n],
    ['2.5000001', 3n],
    ['2.4999999', 2n],
  ])('%s rounds to %d', (text, rounded) => {
    expect(roundRatio(parseRatio(text))).toBe(rounded);
  });

  it('nothing moves by more than half a unit, and a tie lands on an even one', () => {
    fc.assert(
      fc.property(integer, fc.bigInt({ min: 1n, max: 8n }), (n, d) => {
        const rounded = roundRatio(ratio(n, d));
        const twiceDistance = 2n * (rounded * d - n);
        expect(twiceDistance <= d && twiceDistance >= -d).toBe(true);
        if (twiceDistance === d || twiceDistance === -d) expect(rounded % 2n).toBe(0n);
      }),
    );
  });

  it('signs mirror', () => {
    fc.assert(fc.property(anyRatio, (r) => expect(roundRatio(negate(r))).toBe(-roundRatio(r))));
  });
});

describe('formatRatio', () => {
  it.each([
    [1n, 8n, 2, '0.12'],
    [3n, 8n, 2, '0.38'],
    [-1n, 8n, 2, '-0.12'],
    [1n, 3n, 6, '0.333333'],
    [2n, 3n, 6, '0.666667'],
    [5n, 2n, 0, '2'],
    [12n, 1n, 2, '12.00'],
    [-1n, 1000n, 2, '0.00'],
    [-1n, 2n, 0, '0'],
    [999n, 1000n, 2, '1.00'],
  ])('%d/%d to %d decimals is "%s"', (n, d, places, text) => {
    expect(formatRatio(ratio(n, d), places)).toBe(text);
  });

  it('the text is the value rounded at that decimal', () => {
    fc.assert(
      fc.property(anyRatio, decimals, (r, places) => {
        const power = ratio(10n ** BigInt(places), 1n);
        const expected = divideRatio(ratio(roundRatio(multiplyRatio(r, power)), 1n), power);
        expect(parseRatio(formatRatio(r, places))).toEqual(expected);
      }),
    );
  });
});
