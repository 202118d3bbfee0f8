import { describe, expect, it } from '@jest/globals';
import { renderFigure } from '../../kernel/figure.js';
import { ratio } from '../../kernel/ratio.js';
import { computeFigures, type MetricName } from './compute-figures.js';
import { emptyFacts, type ScopeFacts } from './scope-facts.js';

// A café issues the code word CAFE10 (10 %), a gym redeems it, 1-30 June, EUR.
//   48 accepted redemptions on 46 receipts (two receipts carried two codes), one of them fully returned: 47 on 45.
//   Gross of the 45 receipts 2,250.00, discount 225.00, net 2,250.00 - 225.00 = 2,025.00. All receipts of June: 1,200.
//   Flyers 180.00 and staff 45.00 were spent; the planned 60.00 were not and are no cost.
//   18 new and 20 returning customers, 9 redemptions without a customer: 18 + 20 + 9 = 47.
const JUNE: ScopeFacts = {
  ...emptyFacts('EUR', 'revenue'),
  redemptions: 47n,
  unknownCustomers: 9n,
  discount: 225_00n,
  newCustomers: 18n,
  returningCustomers: 20n,
  returningAfterAbsence: 20n,
  claimedNew: 21n,
  claimedReturning: 15n,
  promoReceipts: 45n,
  channelRevenues: [{ revenue: 2_025_00n, costedRevenue: 0n, costOfGoods: 0n, marginRate: ratio(1n, 5n) }],
  coveredPromoReceipts: 45n,
  coveredPromoRevenue: 2_025_00n,
  // 60,000.00 in all, so (60,000.00 - 2,025.00) / (1,200 - 45) = 57,975.00 / 1,155 = 50.1948…
  counts: {
    channelDays: 30n,
    coveredChannelDays: 30n,
    allReceipts: 1_200n,
    allRevenue: 60_000_00n,
    unconvertedDays: 0n,
  },
  costEntries: 180_00n + 45_00n,
};

const figure = (name: MetricName, facts = JUNE): unknown => renderFigure(computeFigures(facts)[name]);

describe('a café sends its guests to a gym', () => {
  it('47 redemptions on 45 receipts count', () => {
    expect(figure('acceptedRedemptions')).toMatchObject({ value: '47', unit: 'count' });
    expect(figure('promoReceipts')).toEqual({ value: '45', unit: 'count' });
  });

  it('the revenue is 2,250.00 - 225.00 = 2,025.00', () => {
    expect(figure('revenue')).toEqual({ value: '2025.00', unit: 'EUR' });
    expect(figure('discountGiven')).toEqual({ value: '225.00', unit: 'EUR' });
  });

  it('the cost is 180.00 + 45.00 + 225.00 = 450.00', () => {
    const parts = { costEntries: '225.00', discountGiven: '225.00', giftCost: '0.00' };
    expect(figure('cost')).toEqual({ value: '450.00', unit: 'EUR', parts });
  });

  it('by revenue the ROI is 2,025.00 / 450.00 = 4.5, which paid off', () => {
    const parts = { income: '2025.00', cost: '450.00' };
    expect(figure('roi')).toEqual({ value: '4.5', unit: 'ratio', parts });
    expect(computeFigures(JUNE).roi).toMatchObject({ verdict: 'paid_off', basis: 'revenue' });
    expect(figure('roiPercent')).toEqual({ value: '350', unit: '%', parts });
  });

  it('by margin the ROI is 2,025.00 x 20 % / 450.00 = 405.00 / 450.00 = 0.9, which failed', () => {
    const byMargin: ScopeFacts = { ...JUNE, incomeBasis: 'margin' };
    expect(figure('income', byMargin)).toMatchObject({ value: '405.00', unit: 'EUR' });
    expect(figure('roi', byMargin)).toMatchObject({ value: '0.9', unit: 'ratio' });
    expect(computeFigures(byMargin).roi).toMatchObject({ verdict: 'failed', basis: 'margin' });
    expect(figure('roiPercent', byMargin)).toMatchObject({ value: '-10', unit: '%' });
  });

  it('the promo rating is 45 / 1,200 = 3.75 %, of receipts that are all known', () => {
    const parts = { promoReceipts: '45', allReceipts: '1200' };
    expect(figure('promoRating')).toEqual({ value: '3.75', unit: '%', parts });
    expect(figure('coverage')).toMatchObject({ value: '1', unit: 'ratio' });
  });

  it('a new customer costs 450.00 / 18 = 25.00, a returning one 450.00 / 20 = 22.50', () => {
    expect(figure('cac')).toMatchObject({ value: '25.00', unit: 'EUR', parts: { newCustomers: '18' } });
    expect(figure('costPerReturning')).toMatchObject({ value: '22.50', unit: 'EUR' });
  });

  it('a promo receipt is 2,025.00 / 45 = 45.00 on average, another one 57,975.00 / 1,155 = 50.19', () => {
    expect(figure('averageReceipt')).toMatchObject({ value: '45.00', unit: 'EUR' });
    const parts = { otherRevenue: '57975.00', otherReceipts: '1155' };
    expect(figure('averageOtherReceipt')).toEqual({ value: '50.19', unit: 'EUR', parts });
  });

  it('of 47 redemptions 9 are unknown, which is said beside new and returning', () => {
    const unknown = { unknown: '9', shareOfUnknown: '0.191489' };
    expect(figure('newCustomers')).toEqual({
      value: '18',
      unit: 'count',
      parts: { claimed: '21', ...unknown },
    });
    expect(figure('returningCustomers')).toEqual({
      value: '20',
      unit: 'count',
      parts: { claimed: '15', afterAbsence: '20', ...unknown },
    });
    expect(figure('unknownCustomers')).toMatchObject({ value: '9', unit: 'count' });
  });

  it('a code word has no redemption rate', () => {
    expect(figure('redemptionRate')).toMatchObject({ undefined: 'shared-code' });
  });
});
