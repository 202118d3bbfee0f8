import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildJourney } from '../../../test/support/journey-builders.js';
import { splitTimeDecay } from './split-time-decay.js';

const DAY_MS = 86_400_000;
const partsOf = (halfLife: number, ages: readonly number[]): number[] => {
  const { denominator, shares = [] } = splitTimeDecay(halfLife)(
    buildJourney(
      ages.map((_, i) => i),
      { ages },
    ),
  );
  return shares.map((share) => share / denominator);
};

describe('splitTimeDecay', () => {
  it('halves a weight with every half-life: 7 days before and at once are 1/3 and 2/3', () => {
    const [early, late] = partsOf(7, [7 * DAY_MS, 0]);
    expect(early).toBeCloseTo(1 / 3, 11);
    expect(late).toBeCloseTo(2 / 3, 11);
  });

  it('takes the half-life as a parameter: a day before counts 1/3 when that is the half-life', () => {
    expect(partsOf(1, [DAY_MS, 0])[0]).toBeCloseTo(1 / 3, 11);
    expect(partsOf(0.5, [DAY_MS / 2, 0])[0]).toBeCloseTo(1 / 3, 11);
  });

  it('compares touches with each other only: a journey of last year weighs like one of today', () => {
    expect(partsOf(7, [372 * DAY_MS, 365 * DAY_MS])).toEqual(partsOf(7, [7 * DAY_MS, 0]));
  });

  it('gives a touch nothing that is more than 41 half-lives behind the latest', () => {
    expect(partsOf(7, [42 * 7 * DAY_MS, 0])).toEqual([0, 1]);
  });

  it('makes whole parts that add up to the whole', () => {
    const ages = fc.array(fc.integer({ min: 0, max: 400 * DAY_MS }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(ages, fc.double({ min: 0.01, max: 365, noNaN: true }), (given, halfLife) => {
        const inOrder = [...given].sort((a, b) => b - a);
        const journey = buildJourney(
          inOrder.map(() => 0),
          { ages: inOrder },
        );
        const { denominator, shares = [] } = splitTimeDecay(halfLife)(journey);
        expect(shares.every((share) => Number.isSafeInteger(share) && share >= 0)).toBe(true);
        expect(shares.reduce((a, b) => a + b, 0)).toBe(denominator);
      }),
    );
  });

  it('has no half-life of nothing', () => {
    for (const halfLife of [0, -1, NaN]) expect(() => splitTimeDecay(halfLife)).toThrow(RangeError);
  });
});
