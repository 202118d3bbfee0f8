import { amount, count, defined, type Figure, type Parts } from '../../kernel/figure.js';
import { divideRatio, ratio } from '../../kernel/ratio.js';
import { computeRevenue } from './compute-income.js';
import type { ScopeFacts } from './scope-facts.js';
import { missing } from './undefined-reason.js';

/** averageReceipt = revenue / promoReceipts. Unit: campaign currency. Undefined as revenue is, or `no-promo-receipts`. */
export function computeAverageReceipt(facts: ScopeFacts): Figure {
  const revenue = computeRevenue(facts);
  if ('undefined' in revenue) return revenue;
  const parts = { revenue, promoReceipts: count(facts.promoReceipts) };
  if (facts.promoReceipts === 0n) return missing('no-promo-receipts', parts);
  return defined(divideRatio(revenue.value, ratio(facts.promoReceipts, 1n)), facts.currency, parts);
}

/**
 * averageOtherReceipt, to be read beside averageReceipt = (all revenue - promo revenue) / (all receipts - promo receipts),
 * on covered channel-days only. Unit: campaign currency. Undefined `no-receipt-totals` when none is covered,
 * `no-exchange-rate`, `totals-below-promo` when the counts contradict the redemptions, or `no-other-receipts`.
 */
export function computeAverageOtherReceipt(facts: ScopeFacts): Figure {
  const { coveredChannelDays, allReceipts, allRevenue, unconvertedDays } = facts.counts;
  if (coveredChannelDays === 0n) return missing('no-receipt-totals');
  if (allRevenue === null || facts.coveredUnconvertedReceipts > 0n) {
    return missing('no-exchange-rate', {
      channelDaysWithoutRate: count(unconvertedDays),
      receiptsWithoutRate: count(facts.coveredUnconvertedReceipts),
    });
  }
  const others = allReceipts - facts.coveredPromoReceipts;
  const revenue = amount(allRevenue - facts.coveredPromoRevenue, facts.currency);
  const parts: Parts = { otherRevenue: revenue, otherReceipts: count(others) };
  if (others < 0n || revenue.value.numerator < 0n) return missing('totals-below-promo', parts);
  if (others === 0n) return missing('no-other-receipts', parts);
  return defined(divideRatio(revenue.value, ratio(others, 1n)), facts.currency, parts);
}
