import type { Figure } from '../../kernel/figure.js';
import { computeAverageOtherReceipt, computeAverageReceipt } from './compute-average-receipt.js';
import { computeCac, computeCostPerReturning } from './compute-cac.js';
import { computeCost, computeDiscountGiven, computeLeakage } from './compute-cost.js';
import { computeIncome, computeMargin, computeRevenue } from './compute-income.js';
import { computeProfit } from './compute-profit.js';
import { computeCoverage, computePromoRating } from './compute-promo-rating.js';
import { computeRedemptionRate } from './compute-redemption-rate.js';
import { computeRoi, computeRoiPercent, type RoiFigure } from './compute-roi.js';
import { countNewCustomers, countReturningCustomers, countUnknownCustomers } from './count-customers.js';
import { countAllReceipts, countPromoReceipts } from './count-receipts.js';
import { countAcceptedRedemptions, countRefusals } from './count-redemptions.js';
import type { ScopeFacts } from './scope-facts.js';

/** The names of the metrics, in the order in which people read them. */
export const METRICS = [
  'acceptedRedemptions',
  'refusals',
  'redemptionRate',
  'promoReceipts',
  'allReceipts',
  'coverage',
  'promoRating',
  'revenue',
  'averageReceipt',
  'averageOtherReceipt',
  'discountGiven',
  'leakage',
  'margin',
  'cost',
  'income',
  'roi',
  'roiPercent',
  'profitBefore',
  'profitDuring',
  'profitAfter',
  'newCustomers',
  'returningCustomers',
  'unknownCustomers',
  'cac',
  'costPerReturning',
] as const;
export type MetricName = (typeof METRICS)[number];

export type ReportFigures = Readonly<Record<Exclude<MetricName, 'roi'>, Figure> & { roi: RoiFigure }>;

/** Every metric of one scope. */
export function computeFigures(facts: ScopeFacts): ReportFigures {
  return {
    acceptedRedemptions: countAcceptedRedemptions(facts),
    refusals: countRefusals(facts),
    redemptionRate: computeRedemptionRate(facts),
    promoReceipts: countPromoReceipts(facts),
    allReceipts: countAllReceipts(facts),
    coverage: computeCoverage(facts),
    promoRating: computePromoRating(facts),
    revenue: computeRevenue(facts),
    averageReceipt: computeAverageReceipt(facts),
    averageOtherReceipt: computeAverageOtherReceipt(facts),
    discountGiven: computeDiscountGiven(facts),
    leakage: computeLeakage(facts),
    margin: computeMargin(facts),
    cost: computeCost(facts),
    income: computeIncome(facts),
    roi: computeRoi(facts),
    roiPercent: computeRoiPercent(facts),
    profitBefore: computeProfit(facts, 'before'),
    profitDuring: computeProfit(facts, 'during'),
    profitAfter: computeProfit(facts, 'after'),
    newCustomers: countNewCustomers(facts),
    returningCustomers: countReturningCustomers(facts),
    unknownCustomers: countUnknownCustomers(facts),
    cac: computeCac(facts),
    costPerReturning: computeCostPerReturning(facts),
  };
}
