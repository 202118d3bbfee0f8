import { expect, it } from '@jest/globals';
import { readParameters } from './read-parameters.js';

const ID = '0198c0de-0000-7000-8000-000000000001';
const NOTHING = { redeemerId: null, campaignId: null, repairs: false };

it('without words everything is compared and nothing is repaired', () => {
  expect(readParameters([])).toEqual(NOTHING);
});

it('a redeemer or a campaign narrows, in either way of writing', () => {
  expect(readParameters(['--repair', '--redeemer', ID])).toEqual({
    ...NOTHING,
    repairs: true,
    redeemerId: ID,
  });
  expect(readParameters([`--campaign=${ID}`])).toEqual({ ...NOTHING, campaignId: ID });
});

it.each([
  [['--repairs']],
  [['repair']],
  [['--campaign']],
  [['--campaign', '--repair']],
  [['--campaign', 'summer']],
  [['--redeemer=']],
])('%j is not understood, rather than half of it being done', (words) => {
  expect(readParameters(words)).toBeUndefined();
});
