import { count, defined, type Figure } from '../../kernel/figure.js';
import { ratio } from '../../kernel/ratio.js';
import { coverageParts } from './count-receipts.js';
import type { ScopeFacts } from './scope-facts.js';
import { missing } from './undefined-reason.js';

/**
 * coverage = channel-days in scope that have a receipt count / channel-days in scope. Unit: ratio, from 0 to 1.
 * Channel-days in scope: every channel of the redeemers that can redeem, or did, on every day of the period that has come.
 * Undefined `no-channel-days` when there are none.
 */
export function computeCoverage(facts: ScopeFacts): Figure {
  const { channelDays, coveredChannelDays } = facts.counts;
  const parts = coverageParts(facts);
  if (channelDays === 0n) return missing('no-channel-days', parts);
  return defined(ratio(coveredChannelDays, channelDays), 'ratio', parts);
}

/**
 * promoRating = promoReceipts / allReceipts x 100, both on covered channel-days only. Unit: %.
 * Undefined `no-receipt-totals` when no channel-day is covered, `no-receipts` when the counts are all zero.
 */
export function computePromoRating(facts: ScopeFacts): Figure {
  const { coveredChannelDays, allReceipts } = facts.counts;
  const promoReceipts = count(facts.coveredPromoReceipts);
  if (coveredChannelDays === 0n) return missing('no-receipt-totals', { promoReceipts });
  const parts = { promoReceipts, allReceipts: count(allReceipts) };
  if (allReceipts === 0n) return missing('no-receipts', parts);
  return defined(ratio(facts.coveredPromoReceipts * 100n, allReceipts), '%', parts);
}
