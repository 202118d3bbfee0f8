import type { IncomeBasis } from '../../campaigns/domain/campaign-terms.js';
import type { LocalPeriod } from '../../kernel/period.js';
import type { Ratio } from '../../kernel/ratio.js';
import type { DayRate } from '../../rates/domain/day-rate.js';
import type { ReportProfit } from './profit-facts.js';

/**
 * What one report is made from, as it was read in one snapshot: rollups and small tables, never single redemptions.
 * Days are local dates in the campaign zone, except those of `channelDays`, which are the channel's own: where the zones
 * differ, the receipts around midnight stand on the neighbouring day. Amounts are minor units of the campaign currency, except those of
 * `channelDays`, which are in the currency of their channel.
 */
export interface ReportSource {
  readonly campaignId: string;
  readonly currency: string;
  readonly incomeBasis: IncomeBasis;
  readonly period: LocalPeriod;
  /** Today in the campaign zone: later days of the period have not come yet. */
  readonly asOf: string;
  readonly cells: readonly RedemptionCell[];
  /** Each receipt once in what the filter leaves; `groupId` is the campaign, or the offer or placement it is filtered by. */
  readonly receipts: readonly ReceiptCell[];
  /** Each receipt once in every offer, or placement, when the groups need a finer grain than the whole; else empty. */
  readonly groupReceipts: readonly ReceiptCell[];
  readonly channels: readonly ReportChannel[];
  readonly channelDays: readonly ChannelDay[];
  readonly costs: readonly ReportCost[];
  /** To the campaign currency, of the days of the period: what was converted there was converted at these. */
  readonly dayRates: readonly DayRate[];
  readonly coupons: readonly {
    readonly offerId: string;
    readonly placementId: string;
    readonly coupons: bigint;
  }[];
  /** In the order of the campaign. */
  readonly offers: readonly ReportOffer[];
  readonly placements: readonly ReportPlacement[];
  readonly partnerNames: ReadonlyMap<string, string>;
  /** Absent: nothing of it is known here. */
  readonly profit?: ReportProfit | undefined;
}

/** Actual cost entries of one day in one currency; those without an exchange rate are not in `amount`. */
export interface ReportCost {
  readonly day: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly unconverted: bigint;
}

/** Counts and amounts of one redeemer, offer, placement, redeeming channel and day. */
export interface RedemptionCell extends RedemptionSums {
  readonly redeemerPartnerId: string;
  readonly offerId: string;
  readonly placementId: string;
  readonly channelId: string;
  readonly day: string;
}

export interface RedemptionSums {
  readonly redemptions: bigint;
  readonly couponRedemptions: bigint;
  readonly unknownCustomers: bigint;
  readonly refusals: bigint;
  readonly discount: bigint;
  readonly giftCost: bigint;
  readonly leakage: bigint;
  readonly offlineLeakage: bigint;
  readonly unconverted: bigint;
  readonly unconvertedLeakage: bigint;
  readonly newCustomers: bigint;
  readonly returningCustomers: bigint;
  readonly returningAfterAbsence: bigint;
  readonly claimedNew: bigint;
  readonly claimedReturning: bigint;
}

/** Promo receipts of one redeemer, group, channel and day. */
export interface ReceiptCell {
  readonly redeemerPartnerId: string;
  readonly groupId: string;
  readonly channelId: string;
  readonly day: string;
  readonly promoReceipts: bigint;
  readonly revenue: bigint;
  readonly costedRevenue: bigint;
  readonly costOfGoods: bigint;
  readonly unconvertedReceipts: bigint;
}

/** A channel of a redeemer. */
export interface ReportChannel {
  readonly id: string;
  readonly partnerId: string;
  readonly name: string;
  readonly canRedeem: boolean;
  readonly marginRate: Ratio | null;
  /** In which its receipts are counted. */
  readonly currency: string;
}

/** All receipts of one channel on one day: sums of the single receipts, and the total if one was put. */
export interface ChannelDay {
  readonly channelId: string;
  readonly day: string;
  readonly singleReceipts: bigint;
  readonly singleRevenue: bigint;
  readonly totalReceipts: bigint | null;
  readonly totalRevenue: bigint | null;
}

export interface ReportOffer {
  readonly id: string;
  readonly issuerPartnerId: string;
  readonly redeemerPartnerId: string;
  readonly label: string;
}

/** Where codes of an offer are handed out; the default placement has neither channel nor label. */
export interface ReportPlacement {
  readonly id: string;
  readonly offerId: string;
  readonly channelId: string | null;
  readonly channelName: string | null;
  readonly label: string;
}
