import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildJourney } from '../../../test/support/journey-builders.js';
import { splitPositionBased } from './split-position-based.js';

describe('splitPositionBased', () => {
  it('gives one touch everything and two a half each', () => {
    expect(splitPositionBased(buildJourney([7]))).toEqual({ denominator: 1, parties: [7] });
    expect(splitPositionBased(buildJourney([7, 8]))).toEqual({ denominator: 2, parties: [7, 8] });
  });

  it('of three touches gives 40, 20 and 40 %', () => {
    expect(splitPositionBased(buildJourney([1, 2, 3]))).toMatchObject({ denominator: 5, shares: [2, 1, 2] });
  });

  it('gives both ends 40 % of the whole, however many stand between, and all parts are the whole', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 3, maxLength: 300 }), (parties) => {
        const { denominator, shares = [] } = splitPositionBased(buildJourney(parties));
        expect(shares.reduce((a, b) => a + b, 0)).toBe(denominator);
        expect(shares[0]! / denominator).toBe(0.4);
        expect(shares.at(-1)).toBe(shares[0]);
      }),
    );
  });
});
