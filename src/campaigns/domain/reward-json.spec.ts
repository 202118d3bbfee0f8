import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ratio } from '../../kernel/ratio.js';
import type { Reward } from './reward.js';
import { fromRewardJson, toRewardJson } from './reward-json.js';

const eur = fc.bigInt({ min: 0n, max: 10n ** 17n - 1n }).map((minor) => ({ minor, currency: 'EUR' }));

// Percentages are what requests can say: up to six decimals.
const reward: fc.Arbitrary<Reward> = fc.oneof(
  fc.record({
    kind: fc.constant('percent' as const),
    value: fc.bigInt({ min: 1n, max: 100_000_000n }).map((millionths) => ratio(millionths, 1_000_000n)),
  }),
  fc.record({ kind: fc.constant('amount' as const), value: eur }),
  fc.record({
    kind: fc.constant('gift' as const),
    label: fc.string({ minLength: 1 }),
    unitCost: fc.option(eur),
  }),
  fc.record({ kind: fc.constant('bonus_points' as const), value: fc.integer({ min: 1 }) }),
);

describe('reward JSON', () => {
  it('gives back exactly the reward that was written, through text', () => {
    fc.assert(
      fc.property(reward, (given) => {
        expect(fromRewardJson(JSON.parse(JSON.stringify(toRewardJson(given))))).toEqual(given);
      }),
    );
  });

  it('shows percentages without trailing zeros and money with all its decimals', () => {
    expect(toRewardJson({ kind: 'percent', value: ratio(10n, 1n) })).toEqual({
      kind: 'percent',
      value: '10',
    });
    expect(toRewardJson({ kind: 'percent', value: ratio(25n, 2n) })).toEqual({
      kind: 'percent',
      value: '12.5',
    });
    expect(toRewardJson({ kind: 'amount', value: { minor: 500n, currency: 'EUR' } })).toEqual({
      kind: 'amount',
      value: { amount: '5.00', currency: 'EUR' },
    });
  });

  it('leaves out the cost of a gift that nobody stated', () => {
    expect(toRewardJson({ kind: 'gift', label: 'Espresso', unitCost: null })).toEqual({
      kind: 'gift',
      label: 'Espresso',
    });
  });
});
