import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareRatio, multiplyRatio, ratio, subtractRatio } from '../../kernel/ratio.js';
import { convertMinor } from './convert-minor.js';
import { minorRatio } from './exchange-rate.js';

const positive = fc.bigInt({ min: 1n, max: 10n ** 18n });
const anyRatio = fc.tuple(positive, positive).map(([n, d]) => ratio(n, d));
const amounts = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });

describe('convertMinor', () => {
  it('100.00 USD at 0.92 EUR are 92.00 EUR', () => {
    expect(convertMinor(100_00n, minorRatio({ base: 'USD', quote: 'EUR', rate: '0.92' }))).toBe(92_00n);
  });

  it('10.00 USD at 150.25 JPY are 1,502.5 yen: half-even 1,502', () => {
    expect(convertMinor(10_00n, minorRatio({ base: 'USD', quote: 'JPY', rate: '150.25' }))).toBe(1_502n);
  });

  it('30.00 USD at 150.25 JPY are 4,507.5 yen: half-even 4,508', () => {
    expect(convertMinor(30_00n, minorRatio({ base: 'USD', quote: 'JPY', rate: '150.25' }))).toBe(4_508n);
  });

  it('1.005 KWD at 3.26 USD are 3.2763 USD: 3.28', () => {
    expect(convertMinor(1_005n, minorRatio({ base: 'KWD', quote: 'USD', rate: '3.26' }))).toBe(3_28n);
  });

  it('nothing is nothing in every currency', () => {
    fc.assert(fc.property(anyRatio, (rate) => expect(convertMinor(0n, rate)).toBe(0n)));
  });

  it('mirrors signs: what is taken back is what was given', () => {
    fc.assert(
      fc.property(amounts, anyRatio, (amount, rate) =>
        expect(convertMinor(-amount, rate)).toBe(-convertMinor(amount, rate)),
      ),
    );
  });

  it('is never more than half a minor unit away from the exact amount', () => {
    fc.assert(
      fc.property(amounts, anyRatio, (amount, rate) => {
        const exact = multiplyRatio(ratio(amount, 1n), rate);
        const off = subtractRatio(ratio(convertMinor(amount, rate), 1n), exact);
        expect(compareRatio(off, ratio(1n, 2n))).toBeLessThanOrEqual(0);
        expect(compareRatio(off, ratio(-1n, 2n))).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('keeps the order of amounts', () => {
    fc.assert(
      fc.property(amounts, amounts, anyRatio, (a, b, rate) => {
        const [less, more] = a <= b ? [a, b] : [b, a];
        expect(convertMinor(less, rate) <= convertMinor(more, rate)).toBe(true);
      }),
    );
  });
});
