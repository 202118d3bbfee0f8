import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountsOf, buildJourney, compare } from '../../../test/support/journey-builders.js';
import {
  ATTRIBUTION_MODELS,
  type AttributionModel,
  type Comparison,
  ModelComparison,
} from './compare-models.js';
import { computeShapley } from './compute-shapley.js';
import { ratio } from '../../kernel/ratio.js';
import type { Journey } from './journey.js';

const PARTIES = 5;
const DAY_MS = 86_400_000;

const touches = fc.array(
  fc.record({ party: fc.nat(PARTIES - 1), age: fc.integer({ min: 0, max: 90 * DAY_MS }) }),
  { minLength: 1, maxLength: 8 },
);
const journey = fc
  .record({
    touches,
    codeOwner: fc.nat(PARTIES - 1),
    conversions: fc.nat(3),
    nulls: fc.nat(3),
    value: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
  })
  .map(({ touches: given, value, ...counts }): Journey => {
    const inOrder = [...given].sort((a, b) => b.age - a.age);
    const [parties, ages] = [inOrder.map(({ party }) => party), inOrder.map(({ age }) => age)];
    return { ...counts, parties, ages, value: counts.conversions === 0 ? 0n : value };
  });
const journeys = fc.array(journey, { maxLength: 12 });

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);
const conversionsOf = ({ credits }: Comparison, model: AttributionModel): readonly bigint[] => {
  const given = credits.get(model);
  return given && 'conversions' in given ? given.conversions : [];
};

describe.each(ATTRIBUTION_MODELS)('the credits of %s', (model) => {
  it('add up to the value and to the conversions of any journeys', () => {
    fc.assert(
      fc.property(journeys, (taken) => {
        const comparison = compare([model], PARTIES, taken);
        expect(sum(amountsOf(comparison, model))).toBe(sum(taken.map(({ value }) => value)));
        const conversions = taken.reduce((all, { conversions: some }) => all + some, 0);
        expect(sum(conversionsOf(comparison, model))).toBe(BigInt(conversions) * 1_000_000n);
      }),
    );
  });

  it('do not depend on the order in which journeys arrive', () => {
    fc.assert(
      fc.property(
        journeys.chain((taken) =>
          fc.tuple(fc.constant(taken), fc.shuffledSubarray(taken, { minLength: taken.length })),
        ),
        ([taken, shuffled]) => {
          expect(compare([model], PARTIES, shuffled)).toEqual(compare([model], PARTIES, taken));
        },
      ),
    );
  });

  it('do not depend on whether journeys that are alike come together', () => {
    fc.assert(
      fc.property(journey, fc.integer({ min: 1, max: 4 }), (one, times) => {
        const together = {
          ...one,
          conversions: one.conversions * times,
          nulls: one.nulls * times,
          value: one.value * BigInt(times),
        };
        const alone = Array.from({ length: times }, () => one);
        expect(compare([model], PARTIES, [together])).toEqual(compare([model], PARTIES, alone));
      }),
    );
  });

  it('leave nothing for a party that no journey names', () => {
    fc.assert(
      fc.property(journeys, (taken) => {
        const comparison = compare([model], PARTIES + 1, taken);
        expect(amountsOf(comparison, model).at(-1)).toBe(0n);
        expect(conversionsOf(comparison, model).at(-1)).toBe(0n);
      }),
    );
  });

  it('are taken back to the cent by the same journeys with the value turned round', () => {
    fc.assert(
      fc.property(journeys, (taken) => {
        const turned = taken.map((one) => ({ ...one, value: -one.value }));
        const given = amountsOf(compare([model], PARTIES, taken), model);
        const takenBack = amountsOf(compare([model], PARTIES, turned), model);
        expect(takenBack.map((amount) => -amount)).toEqual(given.map((amount) => amount));
        const both = amountsOf(compare([model], PARTIES, [...taken, ...turned]), model);
        expect(both).toEqual(both.map(() => 0n));
      }),
    );
  });

  it('are nothing where nobody redeemed', () => {
    const nobody = compare([model], 2, [buildJourney([0, 1], { conversions: 0, nulls: 5 })]);
    expect(amountsOf(nobody, model)).toEqual([0n, 0n]);
    expect(amountsOf(compare([model], 2, []), model)).toEqual([0n, 0n]);
  });

  it('are everything for the only party there is', () => {
    const only = compare([model], 2, [buildJourney([1, 1, 1], { nulls: 3 }), buildJourney([1])]);
    expect(amountsOf(only, model)).toEqual([0n, 200n]);
  });
});

describe('models side by side', () => {
  it('shapley is linear over distinct parties, which is the Shapley value of what is within a coalition', () => {
    fc.assert(
      fc.property(journeys, (taken) => {
        const fine = taken.map((one) => ({ ...one, value: BigInt(one.conversions) * 60n }));
        const comparison = compare(['shapley', 'linear_distinct'], PARTIES, fine);
        expect(amountsOf(comparison, 'shapley')).toEqual(amountsOf(comparison, 'linear_distinct'));
        // 60 parts a conversion divide by 1 to 5 parties, so that nothing is rounded.
        const values = computeShapley(PARTIES, (coalition) => {
          const within = fine.filter(({ parties }) => parties.every((party) => coalition & (1 << party)));
          return ratio(sum(within.map(({ value }) => value)), 1n);
        });
        expect(values).toEqual(amountsOf(comparison, 'shapley').map((amount) => ratio(amount, 1n)));
      }),
    );
  });

  it('give the whole to code owner, first and last where all touches are with one party', () => {
    const comparison = compare(ATTRIBUTION_MODELS, 3, [buildJourney([2]), buildJourney([2, 2])]);
    for (const model of ATTRIBUTION_MODELS) expect(amountsOf(comparison, model)).toEqual([0n, 0n, 200n]);
  });

  it('differ where the touches do: 100.00 among a, b, b and c, a week after each other, redeemed with the code of b', () => {
    const ages = [21, 14, 7, 0].map((days) => days * DAY_MS);
    const taken = [buildJourney([0, 1, 1, 2], { ages, codeOwner: 1, value: 100_00n })];
    const comparison = compare(ATTRIBUTION_MODELS, 3, taken);
    expect(
      Object.fromEntries(ATTRIBUTION_MODELS.map((model) => [model, amountsOf(comparison, model)])),
    ).toEqual({
      code_owner: [0n, 100_00n, 0n],
      first_touch: [100_00n, 0n, 0n],
      last_touch: [0n, 0n, 100_00n],
      linear: [25_00n, 50_00n, 25_00n],
      // A third each; the cent that is left goes to the first.
      linear_distinct: [33_34n, 33_33n, 33_33n],
      position_based: [40_00n, 20_00n, 40_00n],
      // 1/8, 1/4 + 1/2 and 1 of 15/8.
      time_decay: [6_67n, 40_00n, 53_33n],
      // Without any one of them nothing converts.
      markov: [33_34n, 33_33n, 33_33n],
      shapley: [33_34n, 33_33n, 33_33n],
    });
  });

  it('refuse what no model can credit', () => {
    const comparison = new ModelComparison(['linear'], 2);
    expect(() => comparison.take(buildJourney([]))).toThrow(RangeError);
    expect(() => comparison.take(buildJourney([0], { ages: [] }))).toThrow(RangeError);
    expect(() => comparison.take(buildJourney([0], { conversions: -1 }))).toThrow(RangeError);
    expect(() => comparison.take(buildJourney([0], { conversions: 0, value: 1n }))).toThrow(RangeError);
    expect(() => comparison.take(buildJourney([0], { codeOwner: undefined }))).toThrow(RangeError);
    expect(() => comparison.take(buildJourney([2]))).toThrow(RangeError);
    expect(comparison.result()).toMatchObject({ conversions: 0, value: 0n });
  });
});
