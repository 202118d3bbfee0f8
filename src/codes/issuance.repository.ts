import { Injectable } from '@nestjs/common';
import type { IssuableOffer } from '../campaigns/domain/issuable-offer.js';
import { fromRewardJson, type RewardJson } from '../campaigns/domain/reward-json.js';
import type { Reward } from '../campaigns/domain/reward.js';
import type { Money } from '../kernel/money.js';
import type { Tx } from '../platform/database/tx.js';
import { type Page, type PageRequest, toPage } from '../platform/http/page.js';
import type { IssuanceHistory } from './domain/judge-issuance.js';
import type { PoolCoupon } from './issuance-pool.repository.js';

/** A coupon that was given to one customer. */
export interface Issuance {
  readonly id: string;
  readonly externalId: string;
  readonly offerId: string;
  readonly campaignId: string;
  readonly channelId: string;
  readonly placementId: string;
  /** As it is printed. */
  readonly code: string;
  readonly reward: Reward;
  readonly receipt: { readonly number: string; readonly total: Money } | null;
  readonly issuedAt: Date;
  /** What the customer was told. */
  readonly expiresAt: Date;
  readonly timeZone: string;
}

/** With what tells a repeat from another request under the same external id. */
export interface StoredIssuance extends Issuance {
  readonly fingerprint: Buffer;
}

export interface NewIssuance {
  readonly id: string;
  readonly offer: IssuableOffer;
  readonly termsVersion: number;
  readonly channelId: string;
  readonly placementId: string;
  readonly externalId: string;
  readonly fingerprint: Buffer;
  readonly codeId: string;
  /** Epoch ms. */
  readonly toldExpiresAt: number;
  readonly receiptNumber: string | null;
  readonly receiptTotal: Money | null;
  readonly customerId: string | null;
  /** The customer within the campaign. */
  readonly matchId: string | null;
}

/** What the tables of issuances and redemptions know. */
export type KnownHistory = Omit<IssuanceHistory, 'heldOut'>;

/** Which offer is meant, and at whom its codes are redeemed. */
type OfferKey = Pick<IssuableOffer, 'id' | 'redeemerPartnerId'>;

@Injectable()
export class IssuanceRepository {
  /** What was issued for an earlier post under this external id. */
  async find(tx: Tx, offer: OfferKey, externalId: string): Promise<StoredIssuance | undefined> {
    const [row] = await tx.prepared<IssuanceRow>('issuance_find', `${ISSUANCES} and i.external_id = $3`, [
      offer.redeemerPartnerId,
      offer.id,
      externalId,
    ]);
    return row && toIssuance(row);
  }

  /** What has happened before a request that the judge has to know. Locks nothing: constraints decide races. */
  async history(
    tx: Tx,
    offer: OfferKey,
    { channelId, receiptNumber }: Pick<NewIssuance, 'channelId' | 'receiptNumber'>,
  ): Promise<KnownHistory> {
    const [row] = await tx.prepared<KnownHistory>('issuance_history', HISTORY, [
      ...[offer.redeemerPartnerId, offer.id, channelId, receiptNumber],
    ]);
    return row ?? { offerUses: 0, receiptUsed: false };
  }

  /** Makes a coupon of the pool one that tills take; false when another code took its key meanwhile. `expiresAt` is epoch ms. */
  async putIntoUse(
    tx: Tx,
    offer: OfferKey,
    coupon: PoolCoupon,
    { placementId, expiresAt }: { readonly placementId: string; readonly expiresAt: number | null },
  ): Promise<boolean> {
    const added = await tx.prepared(
      'issuance_put_into_use',
      `insert into codes (redeemer_partner_id, id, offer_id, kind, code_key, display, batch_id, placement_id, expires_at)
       values ($1, $2, $3, 'coupon', $4, $5, $6, $7, to_timestamp($8::float8 / 1000))
           on conflict (redeemer_partner_id, code_key) where live do nothing
       returning id`,
      [
        ...[offer.redeemerPartnerId, coupon.id, offer.id, coupon.codeKey, coupon.display, coupon.batchId],
        ...[placementId, expiresAt],
      ],
    );
    return added.length === 1;
  }

  /**
   * Stores an issuance and counts it; false when there is one under its external id or for its receipt. Of two that come
   * at once, the second waits here for the first.
   */
  async insert(tx: Tx, issuance: NewIssuance): Promise<boolean> {
    const { offer, receiptTotal } = issuance;
    const inserted = await tx.prepared('issuance_insert', INSERT, [
      ...[offer.redeemerPartnerId, offer.id, issuance.id, offer.campaignId, offer.issuerPartnerId],
      ...[issuance.channelId, issuance.placementId, issuance.termsVersion, issuance.externalId],
      ...[issuance.fingerprint, issuance.codeId, issuance.toldExpiresAt, issuance.receiptNumber],
      ...[receiptTotal?.minor ?? null, receiptTotal?.currency ?? null, issuance.customerId],
      issuance.matchId,
    ]);
    return inserted.length === 1;
  }

  /** The issuances of an offer in their order. */
  async list(tx: Tx, offer: OfferKey, page: PageRequest): Promise<Page<Issuance>> {
    const rows = await tx.rows<IssuanceRow>(
      `${ISSUANCES} and ($3::uuid is null or i.id > $3) order by i.id limit $4`,
      [offer.redeemerPartnerId, offer.id, page.after, page.limit + 1],
    );
    return toPage(rows, page.limit, toIssuance);
  }
}

// Without a receipt nothing equals its number, which is null.
const HISTORY = `
  select coalesce((select k.uses from offer_counters k where k.redeemer_partner_id = $1 and k.offer_id = $2), 0) as "offerUses",
         exists (select from issuances i where i.redeemer_partner_id = $1 and i.offer_id = $2 and i.channel_id = $3
                    and i.receipt_number = $4) as "receiptUsed"`;

// The count is spread over slots by connection, so that tills of one placement do not wait for each other.
const INSERT = `
  with issued as (
    insert into issuances (redeemer_partner_id, offer_id, id, campaign_id, issuer_partner_id, channel_id, placement_id,
                           terms_version, external_id, fingerprint, code_id, expires_at, receipt_number, receipt_total,
                           receipt_currency, customer_id, match_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, to_timestamp($12::float8 / 1000), $13, $14, $15, $16, $17)
        on conflict do nothing
    returning redeemer_partner_id, offer_id, placement_id
  )
  insert into issuance_counters as k (redeemer_partner_id, offer_id, placement_id, slot, issued)
  select d.redeemer_partner_id, d.offer_id, d.placement_id, pg_backend_pid() % 16, 1 from issued d
      on conflict (redeemer_partner_id, offer_id, placement_id, slot) do update set issued = k.issued + 1
  returning k.issued`;

const ISSUANCES = `
  select i.id, i.external_id as "externalId", i.offer_id as "offerId", i.campaign_id as "campaignId",
         i.channel_id as "channelId", i.placement_id as "placementId", c.display as code, t.reward,
         i.receipt_number as "receiptNumber", i.receipt_total as "receiptTotal", i.receipt_currency as "receiptCurrency",
         i.issued_at as "issuedAt", i.expires_at as "expiresAt", i.fingerprint, m.time_zone as "timeZone"
    from issuances i
    join codes c on c.redeemer_partner_id = i.redeemer_partner_id and c.id = i.code_id
    join offer_terms t on t.offer_id = i.offer_id and t.version = i.terms_version
    join campaigns m on m.id = i.campaign_id
   where i.redeemer_partner_id = $1 and i.offer_id = $2`;

interface IssuanceRow extends Omit<StoredIssuance, 'reward' | 'receipt'> {
  readonly reward: RewardJson;
  readonly receiptNumber: string | null;
  readonly receiptTotal: string | null;
  readonly receiptCurrency: string | null;
}

function toIssuance({ receiptNumber, receiptTotal, receiptCurrency, ...row }: IssuanceRow): StoredIssuance {
  const hasReceipt = receiptNumber !== null && receiptTotal !== null && receiptCurrency !== null;
  return {
    ...row,
    reward: fromRewardJson(row.reward),
    receipt: hasReceipt
      ? { number: receiptNumber, total: { minor: BigInt(receiptTotal), currency: receiptCurrency } }
      : null,
  };
}
