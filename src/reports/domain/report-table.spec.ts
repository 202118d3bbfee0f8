import { describe, expect, it } from '@jest/globals';
import type { CampaignReport } from './build-report.js';
import { computeFigures } from './compute-figures.js';
import { renderReport } from './report-answer.js';
import { renderReportTable } from './report-table.js';
import { emptyFacts, type ScopeFacts } from './scope-facts.js';

const FACTS: ScopeFacts = {
  ...emptyFacts('EUR', 'revenue'),
  redemptions: 47n,
  unknownCustomers: 9n,
  discount: 225_00n,
  newCustomers: 18n,
  promoReceipts: 45n,
  channelRevenues: [{ revenue: 2_025_00n, costedRevenue: 0n, costOfGoods: 0n, marginRate: null }],
  coveredPromoReceipts: 45n,
  coveredPromoRevenue: 2_025_00n,
  counts: {
    channelDays: 30n,
    coveredChannelDays: 30n,
    allReceipts: 1_200n,
    allRevenue: 60_000_00n,
    unconvertedDays: 0n,
  },
  costEntries: 225_00n,
};
const REPORT: CampaignReport = {
  campaignId: '0197a000-0000-7000-8000-000000000001',
  period: { from: '2026-06-01', to: '2026-07-01' },
  currency: 'EUR',
  incomeBasis: 'revenue',
  figures: computeFigures(FACTS),
};

const table = (report: CampaignReport): string => renderReportTable(renderReport(report));

describe('renderReportTable', () => {
  it('shows every metric with the numbers it was made from, aligned', () => {
    expect(table(REPORT)).toBe(`\
Campaign 0197a000-0000-7000-8000-000000000001, days from 2026-06-01 up to and without 2026-07-01, EUR, income by revenue

metric                 value  unit                    made from
acceptedRedemptions       47  count                   couponRedemptions 0
refusals                   0  count
redemptionRate             -  shared-code             couponRedemptions 0, couponsIssued 0
promoReceipts             45  count
allReceipts             1200  count                   coveredChannelDays 30, channelDays 30
coverage                1.00  ratio                   coveredChannelDays 30, channelDays 30
promoRating             3.75  %                       promoReceipts 45, allReceipts 1200
revenue              2025.00  EUR
averageReceipt         45.00  EUR                     revenue 2025.00, promoReceipts 45
averageOtherReceipt    50.19  EUR                     otherRevenue 57975.00, otherReceipts 1155
discountGiven         225.00  EUR
leakage                 0.00  EUR                     offline 0.00
margin                     -  no-margin-data          revenue 2025.00, costedRevenue 0.00, costOfGoods 0.00, unratedRevenue 2025.00
cost                  450.00  EUR                     costEntries 225.00, discountGiven 225.00, giftCost 0.00
income               2025.00  EUR
roi                     4.50  ratio                   income 2025.00, cost 450.00, PAID OFF by revenue
roiPercent            350.00  %                       income 2025.00, cost 450.00, PAID OFF by revenue
profitBefore               -  profit-not-allocated
profitDuring               -  profit-not-allocated
profitAfter                -  profit-not-allocated
newCustomers              18  count                   claimed 0, unknown 9, shareOfUnknown 0.191489
returningCustomers         0  count                   claimed 0, afterAbsence 0, unknown 9, shareOfUnknown 0.191489
unknownCustomers           9  count                   shareOfUnknown 0.191489
cac                    25.00  EUR                     cost 450.00, newCustomers 18
costPerReturning           -  no-returning-customers  cost 450.00, returningAfterAbsence 0
`);
  });

  it('shows a line per group, and why a figure has no value', () => {
    const part = { ...FACTS, costEntries: null, counts: { ...FACTS.counts, coveredChannelDays: 0n } };
    const groups = [
      { key: { partnerId: 'gym' }, label: 'Gym', figures: computeFigures(FACTS) },
      { key: { partnerId: 'cafe' }, label: 'Café Öre', figures: computeFigures(part) },
    ];
    expect(
      table({ ...REPORT, groups })
        .split('\n\n')
        .at(-1),
    ).toBe(`\
group     acceptedRedemptions  promoReceipts        promoRating  revenue  discountGiven  newCustomers      roi by revenue
Gym                        47             45             3.75 %  2025.00         225.00            18                4.50
Café Öre                   47             45  no-receipt-totals  2025.00         225.00            18  cost-not-allocated
`);
  });

  it('names the basis beside an ROI that has no value', () => {
    const figures = computeFigures({ ...FACTS, incomeBasis: 'incremental_profit' });
    expect(table({ ...REPORT, figures })).toMatch(
      /^roi +- +not-measured +cost 450\.00, by incremental profit$/m,
    );
  });
});
