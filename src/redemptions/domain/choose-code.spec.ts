import { describe, expect, it } from '@jest/globals';
import type { OfferState, OfferTerms } from '../../campaigns/domain/offer-state.js';
import { chooseCode } from './choose-code.js';

const offer = (startsAt: number, redeemBefore: number, endedAt: number | null = null): OfferState => ({
  offerId: `${startsAt}`,
  campaignId: 'campaign',
  hasBudget: false,
  pauses: [],
  endedAt,
  versions: [{ startsAt, redeemBefore, approvedAt: 0 } as OfferTerms],
});
const lastYear = { name: 'last year', live: false, offer: offer(100, 200) };
const thisYear = { name: 'this year', live: true, offer: offer(300, 400) };

describe('of several codes that have held one key', () => {
  it('an attempt means the one whose campaign was running at its instant', () => {
    expect(chooseCode([lastYear, thisYear], 150).name).toBe('last year');
    expect(chooseCode([lastYear, thisYear], 350).name).toBe('this year');
  });

  it('an attempt while none was running means the one that holds the key now', () => {
    expect(chooseCode([lastYear, thisYear], 250).name).toBe('this year');
  });

  it('a campaign that was ended early is over from that instant', () => {
    const ended = { ...lastYear, offer: offer(100, 200, 120) };
    expect(chooseCode([ended, thisYear], 150).name).toBe('this year');
  });

  it('a draft is never running', () => {
    const draft = { name: 'draft', live: false, offer: { ...lastYear.offer, versions: [] } };
    expect(chooseCode([draft, lastYear], 150).name).toBe('last year');
  });
});
