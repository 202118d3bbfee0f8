import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { INCOME_BASES } from '../../campaigns/domain/campaign-terms.js';
import type { Figure } from '../../kernel/figure.js';
import { multiplyRatio, ratio, subtractRatio } from '../../kernel/ratio.js';
import { computeFigures, METRICS } from './compute-figures.js';
import { emptyFacts, type ScopeFacts } from './scope-facts.js';
import { UNDEFINED_REASONS } from './undefined-reason.js';

const few = fc.bigInt({ min: 0n, max: 50n });
const money = fc.bigInt({ min: 0n, max: 10n ** 9n });
const rate = fc.option(fc.bigInt({ min: 0n, max: 100n }).map((percent) => ratio(percent, 100n)));
const channelRevenue = fc
  .record({ costOfGoods: money, costedRevenue: money, uncosted: money, marginRate: rate })
  .map(({ uncosted, ...rest }) => ({ ...rest, revenue: rest.costedRevenue + uncosted }));
const profitWindow = fc.record({ days: few, margin: fc.option(money.map((m) => ratio(m, 1n))), cost: money });
const anyFacts: fc.Arbitrary<ScopeFacts> = fc.record({
  currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
  incomeBasis: fc.constantFrom(...INCOME_BASES),
  redemptions: few,
  couponRedemptions: few,
  unknownCustomers: few,
  refusals: few,
  discount: money,
  giftCost: money,
  leakage: money,
  offlineLeakage: money,
  unconverted: few,
  unconvertedLeakage: few,
  newCustomers: few,
  returningCustomers: few,
  returningAfterAbsence: few,
  claimedNew: few,
  claimedReturning: few,
  promoReceipts: few,
  channelRevenues: fc.array(channelRevenue, { maxLength: 3 }),
  coveredPromoReceipts: few,
  coveredPromoRevenue: money,
  unconvertedReceipts: few,
  coveredUnconvertedReceipts: few,
  counts: fc.record({
    channelDays: few,
    coveredChannelDays: few,
    allReceipts: few,
    allRevenue: fc.option(money),
    unconvertedDays: few,
  }),
  costEntries: fc.option(money),
  unconvertedCosts: few,
  couponsIssued: fc.option(few),
  profit: fc.option(
    fc.record({
      windows: fc.record({ before: profitWindow, during: profitWindow, after: profitWindow }),
      incremental: fc.record({ value: money, lower: money, upper: money }),
    }),
  ),
});

const reasonOf = (figure: Figure): string | undefined =>
  'undefined' in figure ? figure.undefined : undefined;

describe('computeFigures', () => {
  it('every metric has a value, or a reason of the closed list', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const figures = computeFigures(facts);
        expect(Object.keys(figures)).toEqual([...METRICS]);
        for (const name of METRICS) {
          const reason = reasonOf(figures[name]);
          if (reason !== undefined) expect(UNDEFINED_REASONS).toContain(reason);
        }
      }),
    );
  });

  it('a campaign in which nothing happened has counts of zero and no ratios', () => {
    const figures = computeFigures(emptyFacts('EUR', 'revenue'));
    const reasons = Object.fromEntries(METRICS.map((name) => [name, reasonOf(figures[name])]));
    expect(reasons).toEqual({
      acceptedRedemptions: undefined,
      refusals: undefined,
      redemptionRate: 'no-coupons-issued',
      promoReceipts: undefined,
      allReceipts: 'no-receipt-totals',
      coverage: 'no-channel-days',
      promoRating: 'no-receipt-totals',
      revenue: undefined,
      averageReceipt: 'no-promo-receipts',
      averageOtherReceipt: 'no-receipt-totals',
      discountGiven: undefined,
      leakage: undefined,
      margin: undefined,
      cost: undefined,
      income: undefined,
      roi: 'no-cost',
      roiPercent: 'no-cost',
      profitBefore: 'profit-not-allocated',
      profitDuring: 'profit-not-allocated',
      profitAfter: 'profit-not-allocated',
      newCustomers: undefined,
      returningCustomers: undefined,
      unknownCustomers: undefined,
      cac: 'no-new-customers',
      costPerReturning: 'no-returning-customers',
    });
    expect(figures.acceptedRedemptions).toMatchObject({ value: ratio(0n, 1n) });
  });

  it('the ROI in percent is the ROI less one, times 100, and paid off exactly when it is above zero', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { roi, roiPercent } = computeFigures(facts);
        expect(reasonOf(roiPercent)).toBe(reasonOf(roi));
        if ('undefined' in roi || 'undefined' in roiPercent) return expect(roi.verdict).toBeUndefined();
        const expected = multiplyRatio(subtractRatio(roi.value, ratio(1n, 1n)), ratio(100n, 1n));
        expect(roiPercent.value).toEqual(expected);
        expect(roi.verdict).toBe(roiPercent.value.numerator > 0n ? 'paid_off' : 'failed');
      }),
    );
  });

  it('the basis of the ROI is always named', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => expect(computeFigures(facts).roi.basis).toBe(facts.incomeBasis)),
    );
  });
});
