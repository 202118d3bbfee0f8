import { count, type Figure, type Parts } from '../../kernel/figure.js';
import type { ScopeFacts } from './scope-facts.js';
import { missing } from './undefined-reason.js';

/**
 * promoReceipts = distinct (redeemer, channel, receipt number) among the accepted redemptions: two codes on one receipt
 * are one promo receipt. Unit: count.
 */
export function countPromoReceipts({ promoReceipts }: ScopeFacts): Figure {
  return count(promoReceipts);
}

/**
 * allReceipts = receipts of the redeemer's channels in scope: single receipts where any were posted for that channel and
 * day, else that day's receipt total, never both. Unit: count. Channel-days without a count are not in it, see coverage.
 * Undefined `no-receipt-totals` when no channel-day has a count.
 */
export function countAllReceipts(facts: ScopeFacts): Figure {
  const { coveredChannelDays, allReceipts } = facts.counts;
  const parts = coverageParts(facts);
  return coveredChannelDays > 0n ? { ...count(allReceipts), parts } : missing('no-receipt-totals', parts);
}

/** How many channel-days have a receipt count, of how many. */
export function coverageParts({ counts }: ScopeFacts): Parts {
  return {
    coveredChannelDays: count(counts.coveredChannelDays),
    channelDays: count(counts.channelDays),
  };
}
