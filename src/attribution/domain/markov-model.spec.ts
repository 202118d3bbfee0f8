import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildJourney } from '../../../test/support/journey-builders.js';
import { ratio, type Ratio } from '../../kernel/ratio.js';
import type { Journey } from './journey.js';
import { MarkovModel, MOST_MARKOV_PARTIES } from './markov-model.js';

const PARTIES = 4;
const journey = fc
  .record({
    parties: fc.array(fc.nat(PARTIES - 1), { minLength: 1, maxLength: 6 }),
    conversions: fc.nat(3),
    nulls: fc.nat(3),
  })
  .map(({ parties, ...counts }) => buildJourney(parties, counts));
const journeys = fc.array(journey, { maxLength: 10 });

function modelOf(taken: readonly Journey[], parties = PARTIES): MarkovModel {
  const model = new MarkovModel(parties);
  for (const one of taken) model.take(one);
  return model;
}

const toNumber = ({ numerator, denominator }: Ratio): number => Number(numerator) / Number(denominator);
const effectsOf = (model: MarkovModel): number[] => model.removalEffects()!.effects.map(toNumber);

/** The definition, word for word: what converts when every step to one party ends in null, by stepping until all have ended. */
function chanceWithout(model: MarkovModel, removed: number | undefined): number {
  const steps = model.transitions().map((step) => ({ ...step, chance: step.count / step.leaving }));
  let present = new Map<unknown, number>([['start', 1]]);
  let converted = 0;
  for (let step = 0; step < 20_000 && present.size > 0; step += 1) {
    const next = new Map<unknown, number>();
    for (const { from, to, chance } of steps) {
      const moved = (present.get(from) ?? 0) * chance;
      if (to === 'conversion') converted += moved;
      else if (moved > 1e-15 && to !== 'null' && to !== removed) next.set(to, (next.get(to) ?? 0) + moved);
    }
    present = next;
  }
  return converted;
}

describe('removal effects', () => {
  it('are what is lost when every step to a party ends in null', () => {
    fc.assert(
      fc.property(journeys, (taken) => {
        const model = modelOf(taken);
        const whole = chanceWithout(model, undefined);
        for (const [party, effect] of effectsOf(model).entries()) {
          const lost = whole === 0 ? 0 : 1 - chanceWithout(model, party) / whole;
          expect(effect).toBeCloseTo(lost, 6);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('come from a chain that converts as often as the journeys did', () => {
    fc.assert(
      fc.property(journeys, (taken) => {
        const converted = taken.reduce((sum, { conversions }) => sum + conversions, 0);
        const all = taken.reduce((sum, { conversions, nulls }) => sum + conversions + nulls, 0);
        const { conversionProbability } = modelOf(taken).removalEffects()!;
        expect(toNumber(conversionProbability)).toBeCloseTo(all === 0 ? 0 : converted / all, 10);
      }),
    );
  });

  it('do not change when consecutive repeats are collapsed', () => {
    fc.assert(
      fc.property(journeys, (taken) => {
        const collapsed = taken.map((one) => {
          const parties = one.parties.filter((party, at) => party !== one.parties[at - 1]);
          return { ...one, parties, ages: parties.map(() => 0) };
        });
        const [once, again] = [effectsOf(modelOf(collapsed)), effectsOf(modelOf(taken))];
        for (const [party, effect] of once.entries()) expect(again[party]).toBeCloseTo(effect, 10);
      }),
    );
  });

  it('are 0 for all where nothing converts, and nobody gets anything', () => {
    const model = modelOf([buildJourney([0, 1], { conversions: 0, nulls: 3 })]);
    expect(model.removalEffects()).toEqual({
      conversionProbability: ratio(0n, 1n),
      effects: Array.from({ length: PARTIES }, () => ratio(0n, 1n)),
    });
    expect(model.credits()).toMatchObject({ amounts: [0n, 0n, 0n, 0n], conversions: [0n, 0n, 0n, 0n] });
  });

  it('are 0 for all without any journey', () => {
    expect(effectsOf(modelOf([]))).toEqual([0, 0, 0, 0]);
    expect(modelOf([], 0).credits()).toEqual({ amounts: [], conversions: [] });
  });

  it('are 0 for a party that only stands on journeys without conversion, which gets nothing', () => {
    const model = modelOf([buildJourney([0]), buildJourney([1, 2], { conversions: 0, nulls: 1 })]);
    expect(effectsOf(model)).toEqual([1, 0, 0, 0]);
    expect(model.credits()).toMatchObject({ amounts: [100n, 0n, 0n, 0n] });
  });

  it('are equal to the last digit where the journeys are', () => {
    const model = modelOf(
      [
        [0, 1],
        [1, 2],
        [2, 0],
      ].map((parties) => buildJourney(parties, { nulls: 1 })),
    );
    const [first, second, third] = effectsOf(model);
    expect([second, third]).toEqual([first, first]);
    expect(model.credits()).toMatchObject({ amounts: [100n, 100n, 100n, 0n] });
  });

  it('are known of the most parties that are allowed, and of one more not', () => {
    const chainOf = (length: number): Journey[] => [
      buildJourney(
        Array.from({ length }, (_, party) => party),
        { nulls: 1 },
      ),
    ];
    const most = modelOf(chainOf(MOST_MARKOV_PARTIES), MOST_MARKOV_PARTIES);
    // All stand on the one way there is, so without any of them nothing converts.
    expect(effectsOf(most)).toEqual(Array.from({ length: MOST_MARKOV_PARTIES }, () => 1));
    const more = modelOf(chainOf(MOST_MARKOV_PARTIES + 1), MOST_MARKOV_PARTIES + 1);
    expect(more.removalEffects()).toBeUndefined();
    expect(more.credits()).toEqual({ undefined: 'too-many-parties' });
  });
});

describe('transitions', () => {
  it('go from the start over every touch to an end, repeats included', () => {
    const model = modelOf([buildJourney([1, 1, 0], { conversions: 2, nulls: 1 })]);
    expect(model.transitions()).toEqual([
      { from: 0, to: 'conversion', count: 2, leaving: 3, probability: ratio(2n, 3n) },
      { from: 0, to: 'null', count: 1, leaving: 3, probability: ratio(1n, 3n) },
      { from: 1, to: 0, count: 3, leaving: 6, probability: ratio(1n, 2n) },
      { from: 1, to: 1, count: 3, leaving: 6, probability: ratio(1n, 2n) },
      { from: 'start', to: 1, count: 3, leaving: 3, probability: ratio(1n, 1n) },
    ]);
  });

  it('lead from each state somewhere with certainty', () => {
    fc.assert(
      fc.property(journeys, (taken) => {
        const chances = new Map<unknown, number>();
        for (const { from, probability } of modelOf(taken).transitions())
          chances.set(from, (chances.get(from) ?? 0) + toNumber(probability));
        for (const chance of chances.values()) expect(chance).toBeCloseTo(1, 12);
      }),
    );
  });
});
