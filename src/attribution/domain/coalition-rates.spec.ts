import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildJourney } from '../../../test/support/journey-builders.js';
import { addRatio, ratio } from '../../kernel/ratio.js';
import { CoalitionRates } from './coalition-rates.js';
import { computeShapley, MOST_SHAPLEY_PARTIES } from './compute-shapley.js';
import type { Journey } from './journey.js';

function effectsOf(parties: number, journeys: readonly Journey[]): CoalitionRates {
  const rates = new CoalitionRates(parties);
  for (const journey of journeys) rates.take(journey);
  return rates;
}

describe('Shapley values of conversion rates', () => {
  it('are negative for a party that spoils the rate', () => {
    // v(a) = 1, v(b) = 0, v(ab) = 10/20. b: 1/2 (0 - 0) + 1/2 (1/2 - 1) = -1/4; a: 1/2 (1 - 0) + 1/2 (1/2 - 0) = 3/4.
    const journeys = [
      buildJourney([0], { conversions: 10 }),
      buildJourney([1], { conversions: 0, nulls: 10 }),
    ];
    expect(effectsOf(2, journeys).effects()).toEqual([ratio(3n, 4n), ratio(-1n, 4n)]);
  });

  it('add up to the rate of all journeys, in whatever order they come', () => {
    const journey = fc
      .record({
        parties: fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }),
        conversions: fc.nat(3),
        nulls: fc.nat(3),
      })
      .map(({ parties, ...counts }) => buildJourney(parties, counts));
    fc.assert(
      fc.property(fc.array(journey, { maxLength: 8 }), (journeys) => {
        const effects = effectsOf(4, journeys).effects()!;
        const converted = journeys.reduce((sum, { conversions }) => sum + conversions, 0);
        const all = journeys.reduce((sum, { conversions, nulls }) => sum + conversions + nulls, 0);
        const { numerator, denominator } = effects.reduce(addRatio, ratio(0n, 1n));
        expect(Number(numerator) / Number(denominator)).toBeCloseTo(all === 0 ? 0 : converted / all, 11);
        expect(effectsOf(4, [...journeys].reverse()).effects()).toEqual(effects);
      }),
    );
  });

  it('give up on more parties than can be enumerated', () => {
    const alone = Array.from({ length: MOST_SHAPLEY_PARTIES + 1 }, (_, party) => buildJourney([party]));
    expect(effectsOf(20, alone.slice(1)).effects()).toHaveLength(20);
    expect(effectsOf(20, alone).effects()).toBeUndefined();
    expect(() => computeShapley(MOST_SHAPLEY_PARTIES + 1, () => ratio(0n, 1n))).toThrow(RangeError);
  });
});
