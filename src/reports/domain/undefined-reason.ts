import { type Figure, type Parts, undefinedBecause } from '../../kernel/figure.js';

/** Why a metric has no value. A closed list: programs switch on it, and each word stands in the API contract. */
export const UNDEFINED_REASONS = [
  /** No channel-day in scope has a receipt count, so the promo cannot be set against all receipts. */
  'no-receipt-totals',
  /** The receipt counts in scope say that there was no receipt at all. */
  'no-receipts',
  /** The scope has no day that has come yet, or no channel. */
  'no-channel-days',
  /** All receipts in scope are promo receipts. */
  'no-other-receipts',
  /** Fewer receipts, or less revenue, are stated for all receipts than for the promo receipts among them. */
  'totals-below-promo',
  /** Some amounts in scope are in another currency than the campaign, and there is no exchange rate of their day. */
  'no-exchange-rate',
  /** Profit is not told for redeemers whose receipts are in another currency than the campaign. */
  'currency-not-converted',
  'no-promo-receipts',
  /** Some revenue has neither a posted cost of goods nor a margin rate of its channel. */
  'no-margin-data',
  /** The figure needs an uplift, and none was measured. */
  'not-measured',
  /** An uplift was measured, and one of its gates failed: the figure would mean nothing. */
  'gate-control',
  'gate-pre-period',
  'gate-counted-days',
  'gate-fit',
  'gate-placebo',
  /** Profit before and during belongs to the whole campaign, not to a partner, channel, placement, offer or day of it. */
  'profit-not-allocated',
  /** The figure tells of days outside of what the participants share: the redeemer and the operator see it. */
  'not-shared',
  'no-cost',
  /** Cost entries belong to the campaign and its days, not to one partner, channel, placement or offer. */
  'cost-not-allocated',
  'no-new-customers',
  'no-returning-customers',
  /** A code word is shared: nobody knows how many people were given it. */
  'shared-code',
  'no-coupons-issued',
  /** Coupons are given out by offer and placement, not for one redeeming channel or day. */
  'coupons-not-allocated',
] as const;
export type UndefinedReason = (typeof UNDEFINED_REASONS)[number];

/** A metric without a value, and the numbers that are known all the same. */
export function missing(reason: UndefinedReason, parts?: Parts): Figure {
  return undefinedBecause(reason, parts);
}
