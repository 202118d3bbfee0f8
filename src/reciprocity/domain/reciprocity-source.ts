import type { LocalPeriod } from '../../kernel/period.js';
import type { Ratio } from '../../kernel/ratio.js';

/** What the reciprocity of a campaign is made from; amounts are minor units of the campaign currency. */
export interface ReciprocitySource {
  readonly campaignId: string;
  readonly currency: string;
  readonly period: LocalPeriod;
  /** Percent; null when none was agreed. */
  readonly tolerance: Ratio | null;
  /** In the order of the campaign. */
  readonly offers: readonly PairOffer[];
  readonly cells: readonly OfferCell[];
  readonly customers: readonly PairCustomers[];
  readonly receipts: readonly PairReceipts[];
  readonly partnerNames: ReadonlyMap<string, string>;
}

export interface PairOffer {
  readonly id: string;
  readonly issuerPartnerId: string;
  readonly redeemerPartnerId: string;
}

export interface OfferCell {
  readonly offerId: string;
  readonly redemptions: bigint;
  readonly newCustomers: bigint;
  readonly unknownCustomers: bigint;
  readonly discount: bigint;
  /** Redemptions whose discount nobody can convert yet; it is not in `discount`. */
  readonly unconverted: bigint;
}

/** Customers in the period in which they first came with a code of the issuer. */
export interface PairCustomers {
  readonly issuerPartnerId: string;
  readonly redeemerPartnerId: string;
  readonly customers: bigint;
}

/** Receipts with at least one code of the issuer, each once; `groupId` is the issuer. */
export interface PairReceipts {
  readonly groupId: string;
  readonly redeemerPartnerId: string;
  readonly promoReceipts: bigint;
  readonly revenue: bigint;
  /** Receipts whose revenue nobody can convert yet; it is not in `revenue`. */
  readonly unconvertedReceipts: bigint;
}
