import type { IncomeBasis } from '../../campaigns/domain/campaign-terms.js';
import type { Ratio } from '../../kernel/ratio.js';
import type { ReportProfit } from './profit-facts.js';

/**
 * Everything the metrics are computed from, added up over one scope: a campaign in a period, or one partner, channel,
 * placement, offer or day of it. Amounts are minor units of `currency`; what was reversed is already taken off.
 */
export interface ScopeFacts {
  readonly currency: string;
  readonly incomeBasis: IncomeBasis;
  /** Accepted and not fully reversed; `couponRedemptions` are those of coupons, the rest are of code words. */
  readonly redemptions: bigint;
  readonly couponRedemptions: bigint;
  /** Accepted redemptions without a customer reference. */
  readonly unknownCustomers: bigint;
  readonly refusals: bigint;
  readonly discount: bigint;
  readonly giftCost: bigint;
  /** What tills took off for refused codes, and the part of it by offline tills: no cost of the campaign. */
  readonly leakage: bigint;
  readonly offlineLeakage: bigint;
  /** Redemptions whose discount, and refused ones whose leakage, has no exchange rate and is in no sum. */
  readonly unconverted: bigint;
  readonly unconvertedLeakage: bigint;
  /** Distinct customers, verified; each counts where and when the first redemption in the campaign was. */
  readonly newCustomers: bigint;
  readonly returningCustomers: bigint;
  readonly returningAfterAbsence: bigint;
  /** What the tills said about the same customers. */
  readonly claimedNew: bigint;
  readonly claimedReturning: bigint;
  readonly promoReceipts: bigint;
  readonly channelRevenues: readonly ChannelRevenue[];
  /** The promo receipts on channel-days that have a receipt count: comparable with `counts`. */
  readonly coveredPromoReceipts: bigint;
  readonly coveredPromoRevenue: bigint;
  /** Promo receipts that have no exchange rate, and those of them on covered channel-days: they are in no sum of money. */
  readonly unconvertedReceipts: bigint;
  readonly coveredUnconvertedReceipts: bigint;
  readonly counts: ReceiptCounts;
  /** Actual cost entries; null when there are some that cannot be assigned to this scope. */
  readonly costEntries: bigint | null;
  /** Actual cost entries that have no exchange rate and are not in `costEntries`. */
  readonly unconvertedCosts: bigint;
  /** Coupons given out; null when they cannot be assigned to this scope. */
  readonly couponsIssued: bigint | null;
  /** Of the whole campaign only; null in a part of it. */
  readonly profit: ReportProfit | null;
}

/** Net revenue of promo receipts at one redeeming channel. */
export interface ChannelRevenue {
  readonly revenue: bigint;
  /** The part of `revenue` whose cost of goods was posted, and that cost. */
  readonly costedRevenue: bigint;
  readonly costOfGoods: bigint;
  /** Profit as a share of revenue (1/5 = 20 %), for the other part; null when nobody said. */
  readonly marginRate: Ratio | null;
}

/** All receipts of the channels in scope, with or without a code. A channel-day is one channel on one day. */
export interface ReceiptCounts {
  readonly channelDays: bigint;
  /** Channel-days with a receipt count; only they are in the two sums. */
  readonly coveredChannelDays: bigint;
  readonly allReceipts: bigint;
  /** Null when some of the covered channel-days have no exchange rate: that many. */
  readonly allRevenue: bigint | null;
  readonly unconvertedDays: bigint;
}

/** A scope in which nothing happened. */
export function emptyFacts(currency: string, incomeBasis: IncomeBasis): ScopeFacts {
  return {
    currency,
    incomeBasis,
    redemptions: 0n,
    couponRedemptions: 0n,
    unknownCustomers: 0n,
    refusals: 0n,
    discount: 0n,
    giftCost: 0n,
    leakage: 0n,
    offlineLeakage: 0n,
    unconverted: 0n,
    unconvertedLeakage: 0n,
    newCustomers: 0n,
    returningCustomers: 0n,
    returningAfterAbsence: 0n,
    claimedNew: 0n,
    claimedReturning: 0n,
    promoReceipts: 0n,
    channelRevenues: [],
    coveredPromoReceipts: 0n,
    coveredPromoRevenue: 0n,
    unconvertedReceipts: 0n,
    coveredUnconvertedReceipts: 0n,
    counts: { channelDays: 0n, coveredChannelDays: 0n, allReceipts: 0n, allRevenue: 0n, unconvertedDays: 0n },
    costEntries: 0n,
    unconvertedCosts: 0n,
    couponsIssued: 0n,
    profit: null,
  };
}
