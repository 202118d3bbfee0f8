import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Reward } from '../../campaigns/domain/reward.js';
import { parseRatio, ratio } from '../../kernel/ratio.js';
import { computeDiscount } from './compute-discount.js';

const percent = (value: string): Reward => ({ kind: 'percent', value: parseRatio(value) });
const amount = (minor: bigint): Reward => ({ kind: 'amount', value: { minor, currency: 'EUR' } });
const gift: Reward = { kind: 'gift', label: 'espresso', unitCost: { minor: 80n, currency: 'EUR' } };
const bonus: Reward = { kind: 'bonus_points', value: 100 };

const anyRatio = fc
  .tuple(fc.bigInt({ min: 0n, max: 30_000n }), fc.bigInt({ min: 1n, max: 100n }))
  .map(([n, d]) => ratio(n, d));
const anyReward: fc.Arbitrary<Reward> = fc.oneof(
  anyRatio.map((value): Reward => ({ kind: 'percent', value })),
  fc.bigInt({ min: 0n, max: 10_000n }).map(amount),
  fc.constantFrom(gift, bonus),
);
const anyMinor = fc.bigInt({ min: 0n, max: 100_000n });

describe('computeDiscount', () => {
  it('takes the percentage of the subtotal', () => {
    expect(computeDiscount(percent('10'), 1230n, null)).toBe(123n);
    expect(computeDiscount(percent('12.5'), 8000n, null)).toBe(1000n);
  });

  it('rounds half a minor unit to the even neighbour', () => {
    // 10 % of 0.05, 0.15, 0.25 and 0.35 is 0.5, 1.5, 2.5 and 3.5 cents
    const halves = [5n, 15n, 25n, 35n].map((subtotal) => computeDiscount(percent('10'), subtotal, null));
    expect(halves).toEqual([0n, 2n, 2n, 4n]);
    expect(computeDiscount(percent('10'), 26n, null)).toBe(3n);
    expect(computeDiscount(percent('10'), 24n, null)).toBe(2n);
  });

  it('stops a percentage at the maximum discount', () => {
    expect(computeDiscount(percent('10'), 10_000n, 500n)).toBe(500n);
    expect(computeDiscount(percent('10'), 5_000n, 500n)).toBe(500n);
    expect(computeDiscount(percent('10'), 4_990n, 500n)).toBe(499n);
  });

  it('takes an amount as it is, up to the whole receipt', () => {
    expect(computeDiscount(amount(300n), 1000n, null)).toBe(300n);
    expect(computeDiscount(amount(300n), 250n, null)).toBe(250n);
    expect(computeDiscount(amount(300n), 1000n, 200n)).toBe(200n);
  });

  it('takes nothing off for a gift or bonus points', () => {
    expect(computeDiscount(gift, 1000n, null)).toBe(0n);
    expect(computeDiscount(bonus, 1000n, null)).toBe(0n);
  });

  it('never exceeds the receipt or the maximum and is never negative', () => {
    fc.assert(
      fc.property(anyReward, anyMinor, fc.option(anyMinor), (reward, subtotal, maximum) => {
        const discount = computeDiscount(reward, subtotal, maximum);
        expect(discount >= 0n).toBe(true);
        expect(discount <= subtotal).toBe(true);
        expect(maximum === null || discount <= maximum).toBe(true);
      }),
    );
  });

  it('is never further than half a minor unit from the exact percentage', () => {
    const upToAll = anyRatio.filter((value) => value.numerator <= 100n * value.denominator);
    fc.assert(
      fc.property(upToAll, anyMinor, (value, subtotal) => {
        const parts = 100n * value.denominator;
        const rest =
          computeDiscount({ kind: 'percent', value }, subtotal, null) * parts - subtotal * value.numerator;
        expect(2n * (rest < 0n ? -rest : rest) <= parts).toBe(true);
      }),
    );
  });
});
