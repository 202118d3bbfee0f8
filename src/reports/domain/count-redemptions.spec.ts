import { describe, expect, it } from '@jest/globals';
import { renderFigure } from '../../kernel/figure.js';
import { computeRedemptionRate } from './compute-redemption-rate.js';
import { countNewCustomers, countReturningCustomers, countUnknownCustomers } from './count-customers.js';
import { countAcceptedRedemptions, countRefusals } from './count-redemptions.js';
import { emptyFacts, type ScopeFacts } from './scope-facts.js';

const buildFacts = (overrides: Partial<ScopeFacts> = {}): ScopeFacts => ({
  ...emptyFacts('EUR', 'revenue'),
  redemptions: 40n,
  couponRedemptions: 30n,
  refusals: 7n,
  ...overrides,
});

describe('counting redemptions', () => {
  it('accepted ones and refusals are counted apart', () => {
    expect(renderFigure(countAcceptedRedemptions(buildFacts()))).toEqual({
      value: '40',
      unit: 'count',
      parts: { couponRedemptions: '30' },
    });
    expect(renderFigure(countRefusals(buildFacts()))).toEqual({ value: '7', unit: 'count' });
  });
});

describe('computeRedemptionRate', () => {
  it('is the share of the coupons given out that came back; code words are not in it', () => {
    // 30 / 1,200 = 0.025, and not 40 / 1,200
    expect(renderFigure(computeRedemptionRate(buildFacts({ couponsIssued: 1_200n })))).toEqual({
      value: '0.025',
      unit: 'ratio',
      parts: { couponRedemptions: '30', couponsIssued: '1200' },
    });
  });

  it('is zero when no coupon came back', () => {
    const facts = buildFacts({ couponRedemptions: 0n, couponsIssued: 1_200n });
    expect(renderFigure(computeRedemptionRate(facts))).toMatchObject({ value: '0' });
  });

  it.each([
    ['shared-code', { couponRedemptions: 0n }],
    ['no-coupons-issued', { redemptions: 0n, couponRedemptions: 0n }],
    ['coupons-not-allocated', { couponsIssued: null }],
  ])('is undefined %s where it cannot be known', (reason, overrides: Partial<ScopeFacts>) => {
    expect(computeRedemptionRate(buildFacts(overrides))).toMatchObject({ undefined: reason });
  });
});

describe('counting customers', () => {
  const facts = buildFacts({
    newCustomers: 12n,
    claimedNew: 15n,
    returningCustomers: 13n,
    claimedReturning: 9n,
    returningAfterAbsence: 4n,
    unknownCustomers: 10n,
  });

  it('what the tills claim stands beside what was verified, with the share of unknown', () => {
    // 10 / 40 = 0.25
    const unknown = { unknown: '10', shareOfUnknown: '0.25' };
    expect(renderFigure(countNewCustomers(facts))).toEqual({
      value: '12',
      unit: 'count',
      parts: { claimed: '15', ...unknown },
    });
    expect(renderFigure(countReturningCustomers(facts))).toEqual({
      value: '13',
      unit: 'count',
      parts: { claimed: '9', afterAbsence: '4', ...unknown },
    });
    expect(renderFigure(countUnknownCustomers(facts))).toEqual({
      value: '10',
      unit: 'count',
      parts: { shareOfUnknown: '0.25' },
    });
  });

  it('of no redemptions no share is unknown', () => {
    expect(renderFigure(countNewCustomers(emptyFacts('EUR', 'revenue')))).toEqual({
      value: '0',
      unit: 'count',
      parts: { claimed: '0', unknown: '0' },
    });
  });
});
