import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';

/** One cell of `campaign_daily`: counts, and money in minor units of the campaign currency. */
export interface CampaignDay {
  readonly redeemerPartnerId: string;
  readonly offerId: string;
  readonly placementId: string;
  /** The channel that redeemed. */
  readonly channelId: string;
  /** Local date in the campaign's time zone. */
  readonly day: string;
  readonly redemptions: bigint;
  readonly couponRedemptions: bigint;
  readonly unknownCustomers: bigint;
  readonly refusals: bigint;
  readonly discount: bigint;
  readonly giftCost: bigint;
  /** Discounts that tills gave on refused codes; the second is the part of offline tills. */
  readonly leakage: bigint;
  readonly offlineLeakage: bigint;
  /** Redemptions whose discount has no exchange rate and is not in `discount`; the second are those of refused codes. */
  readonly unconverted: bigint;
  readonly unconvertedLeakage: bigint;
  readonly newCustomers: bigint;
  readonly returningCustomers: bigint;
  readonly returningAfterAbsence: bigint;
  readonly claimedNew: bigint;
  readonly claimedReturning: bigint;
}

/** What a receipt is counted once in. Figures of one grain must not be added up to those of another: receipts carry several codes. */
export type ReceiptGrain = 'campaign' | 'issuer' | 'offer' | 'placement';

/** One cell of `campaign_receipts_daily`. `costedRevenue` is the part of `revenue` whose `costOfGoods` is known. */
export interface ReceiptDay {
  readonly redeemerPartnerId: string;
  /** The campaign, issuer, offer or placement, by grain. */
  readonly groupId: string;
  readonly channelId: string;
  readonly day: string;
  readonly promoReceipts: bigint;
  readonly revenue: bigint;
  readonly costedRevenue: bigint;
  readonly costOfGoods: bigint;
  /** Those of the receipts that have no exchange rate and are in none of the three sums. */
  readonly unconvertedReceipts: bigint;
}

/** One cell of `campaign_pairs_daily`: whom the codes of an issuer brought to a redeemer for the first time on a day. */
export interface PairDay {
  readonly redeemerPartnerId: string;
  readonly issuerPartnerId: string;
  readonly day: string;
  readonly customers: bigint;
}

/** What a clerk did at a channel; `clerk` is empty where the till did not say who it was. */
export interface ClerkSums {
  readonly redeemerPartnerId: string;
  readonly channelId: string;
  readonly clerk: string;
  readonly redemptions: bigint;
  readonly refusals: bigint;
  readonly discount: bigint;
  readonly leakage: bigint;
}

type BigintAsText<T> = { [K in keyof T]: T[K] extends bigint ? string : T[K] };

/** Reports read what the worker added up: their cost does not grow with the number of redemptions. */
@Injectable()
export class RollupReadModel {
  /** Cells of a campaign on the days `[from, to)`, every redeemer. */
  async campaignDays(tx: Tx, campaignId: string, from: string, to: string): Promise<CampaignDay[]> {
    const rows = await tx.rows<BigintAsText<CampaignDay>>(
      `select d.redeemer_partner_id as "redeemerPartnerId", d.offer_id as "offerId", d.placement_id as "placementId",
              d.channel_id as "channelId", d.day, d.redemptions, d.coupon_redemptions as "couponRedemptions",
              d.unknown_customers as "unknownCustomers", d.refusals, d.discount, d.gift_cost as "giftCost", d.leakage, d.offline_leakage as "offlineLeakage",
              d.unconverted, d.unconverted_leakage as "unconvertedLeakage",
              d.new_customers as "newCustomers", d.returning_customers as "returningCustomers",
              d.returning_after_absence as "returningAfterAbsence",
              d.claimed_new as "claimedNew", d.claimed_returning as "claimedReturning"
         from campaign_daily as d
        where d.campaign_id = $1 and d.day >= $2::date and d.day < $3::date
        order by d.day, d.redeemer_partner_id, d.offer_id, d.placement_id, d.channel_id`,
      [campaignId, from, to],
    );
    return rows.map((row) => ({
      ...row,
      redemptions: BigInt(row.redemptions),
      couponRedemptions: BigInt(row.couponRedemptions),
      unknownCustomers: BigInt(row.unknownCustomers),
      refusals: BigInt(row.refusals),
      discount: BigInt(row.discount),
      giftCost: BigInt(row.giftCost),
      leakage: BigInt(row.leakage),
      offlineLeakage: BigInt(row.offlineLeakage),
      unconverted: BigInt(row.unconverted),
      unconvertedLeakage: BigInt(row.unconvertedLeakage),
      newCustomers: BigInt(row.newCustomers),
      returningCustomers: BigInt(row.returningCustomers),
      returningAfterAbsence: BigInt(row.returningAfterAbsence),
      claimedNew: BigInt(row.claimedNew),
      claimedReturning: BigInt(row.claimedReturning),
    }));
  }

  /** Promo receipts of a campaign on the days `[from, to)`, counted once per group of the grain. */
  async receiptDays(
    tx: Tx,
    campaignId: string,
    grain: ReceiptGrain,
    from: string,
    to: string,
  ): Promise<ReceiptDay[]> {
    const rows = await tx.rows<BigintAsText<ReceiptDay>>(
      `select d.redeemer_partner_id as "redeemerPartnerId", d.group_id as "groupId", d.channel_id as "channelId", d.day,
              d.promo_receipts as "promoReceipts", d.revenue, d.costed_revenue as "costedRevenue",
              d.cost_of_goods as "costOfGoods", d.unconverted_receipts as "unconvertedReceipts"
         from campaign_receipts_daily as d
        where d.campaign_id = $1 and d.grain = $2 and d.day >= $3::date and d.day < $4::date
        order by d.day, d.redeemer_partner_id, d.group_id, d.channel_id`,
      [campaignId, grain, from, to],
    );
    return rows.map((row) => ({
      ...row,
      promoReceipts: BigInt(row.promoReceipts),
      revenue: BigInt(row.revenue),
      costedRevenue: BigInt(row.costedRevenue),
      costOfGoods: BigInt(row.costOfGoods),
      unconvertedReceipts: BigInt(row.unconvertedReceipts),
    }));
  }

  /** Customers of a campaign by issuer and redeemer on the days `[from, to)`. */
  async pairDays(tx: Tx, campaignId: string, from: string, to: string): Promise<PairDay[]> {
    const rows = await tx.rows<BigintAsText<PairDay>>(
      `select d.redeemer_partner_id as "redeemerPartnerId", d.issuer_partner_id as "issuerPartnerId", d.day, d.customers
         from campaign_pairs_daily as d
        where d.campaign_id = $1 and d.day >= $2::date and d.day < $3::date
        order by d.day, d.redeemer_partner_id, d.issuer_partner_id`,
      [campaignId, from, to],
    );
    return rows.map((row) => ({ ...row, customers: BigInt(row.customers) }));
  }

  /** The clerks of one redeemer in a campaign on the days `[from, to)`, by channel; those who did most come first. */
  async clerks(
    tx: Tx,
    redeemerId: string,
    campaignId: string,
    { from, to }: { readonly from: string; readonly to: string },
  ): Promise<ClerkSums[]> {
    const rows = await tx.rows<BigintAsText<ClerkSums>>(
      `select d.redeemer_partner_id as "redeemerPartnerId", d.channel_id as "channelId", d.clerk,
              sum(d.redemptions) as redemptions, sum(d.refusals) as refusals, sum(d.discount) as discount,
              sum(d.leakage) as leakage
         from campaign_clerks_daily as d
        where d.redeemer_partner_id = $1 and d.campaign_id = $2 and d.day >= $3::date and d.day < $4::date
        group by d.redeemer_partner_id, d.channel_id, d.clerk
       having sum(d.redemptions) <> 0 or sum(d.refusals) <> 0
        order by sum(d.redemptions) desc, sum(d.refusals) desc, d.clerk, d.channel_id`,
      [redeemerId, campaignId, from, to],
    );
    return rows.map((row) => ({
      ...row,
      redemptions: BigInt(row.redemptions),
      refusals: BigInt(row.refusals),
      discount: BigInt(row.discount),
      leakage: BigInt(row.leakage),
    }));
  }
}
