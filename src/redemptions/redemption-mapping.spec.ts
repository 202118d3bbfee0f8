import { describe, expect, it } from '@jest/globals';
import { invalidRequest } from '../kernel/errors.js';
import type { DecidedRedemption, SubmissionResult } from './intake/submission.js';
import { isReplay, parseItem } from './redemption-mapping.js';

const REDEMPTION: DecidedRedemption = {
  ...{ id: 'r-1', externalId: 'e-1', status: 'accepted', reason: null, offerId: null, campaignId: null },
  ...{ currency: 'EUR', reward: null, discount: 0n, honouredOverLimit: false, overLimitBearer: null },
};
const decided = (replayed: boolean): SubmissionResult =>
  replayed
    ? { kind: 'decided', redemption: REDEMPTION, replayed }
    : { kind: 'decided', redemption: { ...REDEMPTION, receivedAt: 0 }, replayed };
const FAULT: SubmissionResult = { kind: 'fault', error: invalidRequest([]) };
const items = (length: number) => Array.from({ length }, () => parseItem({ externalId: 'e-1' }));

describe('a batch', () => {
  it('is a replay when every item of it had been decided before', () => {
    expect(isReplay(items(2), [decided(true), decided(true)])).toBe(true);
  });

  it('is none when one item is new, was faulty or could not even be read', () => {
    expect(isReplay(items(2), [decided(true), decided(false)])).toBe(false);
    expect(isReplay(items(2), [decided(true), FAULT])).toBe(false);
    expect(isReplay(items(2), [decided(true)])).toBe(false);
  });
});
