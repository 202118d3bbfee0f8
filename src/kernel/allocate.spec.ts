import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocate } from './allocate.js';

const total = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
const weights = fc
  .array(fc.oneof(fc.bigInt({ min: 0n, max: 5n }), fc.bigInt({ min: 0n, max: 10n ** 9n })), {
    minLength: 1,
    maxLength: 12,
  })
  .filter((list) => list.some((weight) => weight > 0n));

const sum = (list: readonly bigint[]): bigint => list.reduce((a, b) => a + b, 0n);

describe('allocate', () => {
  it('the parts add up to the total', () => {
    fc.assert(fc.property(total, weights, (t, w) => expect(sum(allocate(t, w))).toBe(t)));
  });

  it('taking back mirrors giving', () => {
    fc.assert(
      fc.property(total, weights, (t, w) => {
        expect(allocate(-t, w)).toEqual(allocate(t, w).map((part) => -part));
      }),
    );
  });

  it('no part is a whole cent away from its exact share', () => {
    fc.assert(
      fc.property(total, weights, (t, w) => {
        const all = sum(w);
        allocate(t, w).forEach((part, index) => {
          const distance = part * all - t * (w[index] ?? 0n);
          expect(distance < all && distance > -all).toBe(true);
        });
      }),
    );
  });

  it('a larger weight never gets less', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), weights, (t, w) => {
        const ranked = allocate(t, w)
          .map((part, index) => ({ part, weight: w[index] ?? 0n, index }))
          .sort((a, b) => (a.weight === b.weight ? a.index - b.index : a.weight > b.weight ? -1 : 1));
        const parts = ranked.map(({ part }) => part);
        expect(parts).toEqual([...parts].sort((a, b) => (a === b ? 0 : a > b ? -1 : 1)));
      }),
    );
  });

  it('only the proportion of the weights counts', () => {
    fc.assert(
      fc.property(total, weights, fc.bigInt({ min: 1n, max: 1000n }), (t, w, factor) => {
        expect(
          allocate(
            t,
            w.map((weight) => weight * factor),
          ),
        ).toEqual(allocate(t, w));
      }),
    );
  });

  it('a weight of zero gets nothing', () => {
    expect(allocate(100n, [0n, 1n, 0n, 1n, 1n])).toEqual([0n, 34n, 0n, 33n, 33n]);
  });

  it('equal remainders go to the lower index', () => {
    expect(allocate(5n, [1n, 1n])).toEqual([3n, 2n]);
    expect(allocate(-5n, [1n, 1n])).toEqual([-3n, -2n]);
  });

  it('the largest remainder gets the cent that is left', () => {
    // 10.00 by 60 : 25 : 16 of 101 is 594.05…, 247.52…, 158.41…: the cent goes to the second.
    expect(allocate(1000n, [60n, 25n, 16n])).toEqual([594n, 248n, 158n]);
  });

  it('nothing is split into nothings', () => {
    expect(allocate(0n, [0n, 0n])).toEqual([0n, 0n]);
    expect(allocate(0n, [])).toEqual([]);
  });

  it('something cannot be given to nobody', () => {
    expect(() => allocate(1n, [])).toThrow(RangeError);
    expect(() => allocate(-1n, [0n, 0n])).toThrow(RangeError);
  });

  it('a negative weight is refused, even for an amount of zero', () => {
    expect(() => allocate(0n, [1n, -1n])).toThrow(RangeError);
  });
});
