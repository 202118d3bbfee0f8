import { amount, count, defined, type Figure, type Parts } from '../../kernel/figure.js';
import { addRatio, multiplyRatio, type Ratio, ratio } from '../../kernel/ratio.js';
import { computeIncrementalProfit } from './compute-profit.js';
import type { ChannelRevenue, ScopeFacts } from './scope-facts.js';
import { sum } from './sums.js';
import { missing } from './undefined-reason.js';

/**
 * revenue = sum of the net totals of promo receipts, each receipt once (subtotal minus the discounts on it, or the charged
 * total where the receipt itself was posted), minus reversed amounts. Unit: campaign currency. Receipts of other currencies are
 * converted, each as a whole, at the rate of the day; undefined `no-exchange-rate` while some have none.
 */
export function computeRevenue(facts: ScopeFacts): Figure {
  const { unconvertedReceipts } = facts;
  const revenue = amount(sumRevenue(facts), facts.currency);
  if (unconvertedReceipts === 0n) return revenue;
  const parts = { receiptsWithoutRate: count(unconvertedReceipts), convertedRevenue: revenue };
  return missing('no-exchange-rate', parts);
}

/**
 * margin = net total minus posted cost of goods where that was posted, plus the other revenue x the margin rate of its
 * channel. Unit: campaign currency, exact (a rate can yield fractions of a cent).
 * Undefined as revenue is, or `no-margin-data` when revenue without a posted cost of goods was made at a channel without a rate.
 */
export function computeMargin(facts: ScopeFacts): Figure {
  const { channelRevenues, currency } = facts;
  const revenue = computeRevenue(facts);
  if ('undefined' in revenue) return revenue;
  const unrated = sum(channelRevenues, (part) => (part.marginRate ? 0n : uncosted(part)));
  const parts: Parts = {
    revenue,
    costedRevenue: amount(
      sum(channelRevenues, ({ costedRevenue }) => costedRevenue),
      currency,
    ),
    costOfGoods: amount(
      sum(channelRevenues, ({ costOfGoods }) => costOfGoods),
      currency,
    ),
  };
  if (unrated !== 0n)
    return missing('no-margin-data', { ...parts, unratedRevenue: amount(unrated, currency) });
  const margin = channelRevenues.map((part) => channelMargin(part, currency)).reduce(addRatio, ratio(0n, 1n));
  return defined(margin, currency, parts);
}

/**
 * income = what the campaign is judged by, as its `incomeBasis` says: `revenue`, `margin`, or `incremental_profit`, the
 * uplift of profit. Unit: campaign currency. Undefined for the reason the basis is.
 */
export function computeIncome(facts: ScopeFacts): Figure {
  switch (facts.incomeBasis) {
    case 'revenue':
      return computeRevenue(facts);
    case 'margin':
      return computeMargin(facts);
    case 'incremental_profit':
      return computeIncrementalProfit(facts);
  }
}

/** Minor units. */
export function sumRevenue({ channelRevenues }: ScopeFacts): bigint {
  return sum(channelRevenues, ({ revenue }) => revenue);
}

function uncosted({ revenue, costedRevenue }: ChannelRevenue): bigint {
  return revenue - costedRevenue;
}

/** Major units; revenue that nobody knows the margin of adds nothing. */
function channelMargin(part: ChannelRevenue, currency: string): Ratio {
  const costed = amount(part.costedRevenue - part.costOfGoods, currency).value;
  const rated = multiplyRatio(amount(uncosted(part), currency).value, part.marginRate ?? ratio(0n, 1n));
  return addRatio(costed, rated);
}
