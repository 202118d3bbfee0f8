import { describe, expect, it } from '@jest/globals';
import type { OfferState, OfferTerms } from '../../campaigns/domain/offer-state.js';
import { codeLimit, termsInForce, type KnownCode } from './code-state.js';

function buildTerms(overrides: Partial<OfferTerms> = {}): OfferTerms {
  return {
    version: 1,
    approvedAt: 1000,
    startsAt: 2000,
    redeemBefore: 9000,
    timeZone: 'UTC',
    offlinePolicy: { mode: 'accept', maxDelayHours: 72 },
    reward: { kind: 'bonus_points', value: 5 },
    minimumSpend: null,
    maximumDiscount: null,
    perCodeLimit: null,
    perCustomerLimit: null,
    totalLimit: null,
    dailyLimit: null,
    budget: null,
    ...overrides,
  };
}

function buildOffer(versions: OfferTerms[]): OfferState {
  return { offerId: 'offer', campaignId: 'campaign', hasBudget: false, versions, pauses: [], endedAt: null };
}

function buildCode(codeKind: KnownCode['codeKind'], maxRedemptions: number | null): KnownCode {
  const offer = buildOffer([buildTerms()]);
  return {
    kind: 'known',
    codeId: 'code',
    codeKind,
    maxRedemptions,
    startsAt: null,
    expiresAt: null,
    revokedAt: null,
    offer,
  };
}

describe('termsInForce', () => {
  const offer = buildOffer([
    buildTerms({ version: 1, approvedAt: 1000 }),
    buildTerms({ version: 2, approvedAt: 3000 }),
    buildTerms({ version: 4, approvedAt: 5000 }),
  ]);
  const versionAt = (instant: number) => termsInForce(offer, instant)?.version;

  it('a version is in force from the instant of its approval until the next one', () => {
    expect([1000, 2999, 3000, 4999, 5000, 8000].map(versionAt)).toEqual([1, 1, 2, 2, 4, 4]);
  });

  it('before any approval the earliest approved version counts', () => {
    expect(versionAt(999)).toBe(1);
  });

  it('an offer nobody approved has no terms', () => {
    expect(termsInForce(buildOffer([]), 5000)).toBeNull();
  });
});

describe('codeLimit', () => {
  it('a coupon is single-use unless it or the offer says otherwise', () => {
    expect(codeLimit(buildCode('coupon', null), buildTerms())).toBe(1);
    expect(codeLimit(buildCode('coupon', 3), buildTerms())).toBe(3);
    expect(codeLimit(buildCode('coupon', null), buildTerms({ perCodeLimit: 2 }))).toBe(2);
  });

  it('a code word has no limit unless it or the offer sets one', () => {
    expect(codeLimit(buildCode('code_word', null), buildTerms())).toBeNull();
    expect(codeLimit(buildCode('code_word', 50), buildTerms())).toBe(50);
    expect(codeLimit(buildCode('code_word', null), buildTerms({ perCodeLimit: 20 }))).toBe(20);
  });

  it("the smaller of the code's own and the offer's limit holds", () => {
    expect(codeLimit(buildCode('code_word', 50), buildTerms({ perCodeLimit: 20 }))).toBe(20);
    expect(codeLimit(buildCode('coupon', 2), buildTerms({ perCodeLimit: 5 }))).toBe(2);
  });
});
