import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import type { DecidedRedemption, Submission } from './submission.js';

/** A row of `redemptions` as it is written. Instants epoch ms, money minor units. */
export interface InsertedRedemption extends DecidedRedemption {
  readonly submission: Submission;
  readonly redeemerPartnerId: string;
  readonly codeId: string | null;
  readonly placementId: string | null;
  /** The customer within the campaign; null without a customer or a campaign. */
  readonly matchId: string | null;
  readonly termsVersion: number | null;
  readonly day: string | null;
  readonly receivedAt: number;
  /** Units of the campaign's currency for one of the receipt's; null when that is the same, or when there was no rate. */
  readonly exchangeRate: string | null;
  readonly computedDiscount: bigint;
  readonly giftCost: bigint;
  /** What the till took off although the code was refused. */
  readonly leakedDiscount: bigint;
}

/** An earlier post under the same external id. */
export interface StoredRedemption extends Omit<DecidedRedemption, 'reward' | 'discount'> {
  readonly redeemerPartnerId: string;
  readonly fingerprint: Buffer;
  readonly termsVersion: number | null;
  readonly discount: string;
}

/** One receipt of one till. */
export interface ReceiptKey {
  readonly redeemerPartnerId: string;
  readonly channelId: string;
  readonly receiptNumber: string;
}

/** A code that was taken on a receipt. */
export interface CodeOnReceipt extends Omit<ReceiptKey, 'redeemerPartnerId'> {
  readonly codeId: string;
}

/**
 * The posted keys are joined as `(select * from unnest(…) limit cardinality(…))`: the limit drops nothing, but makes the planner expect
 * one row, so that the prepared plan goes through the index whatever the size of the table was when it was made.
 */
@Injectable()
export class RedemptionRepository {
  /** What is already stored under these external ids, and the database's clock (epoch ms, start of the transaction). */
  async findStored(
    tx: Tx,
    submissions: readonly Submission[],
  ): Promise<{ now: number; stored: StoredRedemption[] }> {
    const rows = await tx.prepared<Partial<StoredRedemption> & { now: string }>(
      'redemptions_find_stored',
      // The clock is joined from the left, so that there is a row to carry it when nothing is stored.
      `select clock.now, s.*
         from (select (extract(epoch from now()) * 1000)::bigint as now) clock
         left join (
           select r.redeemer_partner_id as "redeemerPartnerId", r.id, r.external_id as "externalId", r.fingerprint,
                  r.status, r.reason, r.offer_id as "offerId", r.campaign_id as "campaignId", r.currency,
                  r.terms_version as "termsVersion", r.discount, r.honoured_over_limit as "honouredOverLimit",
                  r.over_limit_bearer as "overLimitBearer"
             from (select * from unnest($1::uuid[], $2::text[]) limit cardinality($1::uuid[])) as posted (partner_id, external_id)
             join redemptions r
               on r.redeemer_partner_id = posted.partner_id and r.external_id = posted.external_id
         ) s on true`,
      [submissions.map((s) => s.redeemerPartnerId), submissions.map((s) => s.externalId)],
    );
    const stored = rows.filter((row): row is StoredRedemption & { now: string } => row.id != null);
    return { now: Number(rows[0]?.now), stored };
  }

  /** Which codes were already accepted on these receipts and not reversed since. */
  async findUsedOnReceipts(tx: Tx, receipts: readonly ReceiptKey[]): Promise<CodeOnReceipt[]> {
    return tx.prepared<CodeOnReceipt>(
      'redemptions_used_on_receipts',
      `select r.code_id as "codeId", r.channel_id as "channelId", r.receipt_number as "receiptNumber"
         from (select * from unnest($1::uuid[], $2::uuid[], $3::text[]) limit cardinality($1::uuid[]))
              as asked (partner_id, channel_id, number)
         join redemptions r
           on r.redeemer_partner_id = asked.partner_id and r.channel_id = asked.channel_id
          and r.receipt_number = asked.number and r.status = 'accepted'
        where not exists (
                select 1 from reversal_applications a
                 where a.redeemer_partner_id = r.redeemer_partner_id and a.redemption_id = r.id and a.completes)`,
      [
        receipts.map((one) => one.redeemerPartnerId),
        receipts.map((one) => one.channelId),
        receipts.map((one) => one.receiptNumber),
      ],
    );
  }

  /**
   * Writes the outcomes. Fails (`isLostRace`) when another process stored one of the external ids meanwhile. Sorted by external id,
   * so that two batches with common ids wait for each other instead of deadlocking.
   */
  async insert(tx: Tx, rows: readonly InsertedRedemption[]): Promise<void> {
    const sorted = [...rows].sort((a, b) => compare(key(a), key(b)));
    await tx.prepared(
      INSERT.name,
      INSERT.text,
      INSERT.columns.map(({ value }) => sorted.map(value)),
    );
  }
}

/** Whether an insert failed because the external id of one of its rows had been stored meanwhile. */
export function isLostRace(error: unknown): boolean {
  const { code, constraint } = error as { readonly code?: string; readonly constraint?: string };
  return code === '23505' && constraint === 'redemptions_external_id';
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly value: (row: InsertedRedemption) => unknown;
}

const COLUMNS: readonly Column[] = [
  { name: 'redeemer_partner_id', type: 'uuid', value: (row) => row.redeemerPartnerId },
  { name: 'id', type: 'uuid', value: (row) => row.id },
  { name: 'external_id', type: 'text', value: (row) => row.externalId },
  { name: 'fingerprint', type: 'bytea', value: (row) => row.submission.fingerprint },
  { name: 'status', type: 'text', value: (row) => row.status },
  { name: 'reason', type: 'text', value: (row) => row.reason },
  { name: 'typed_code', type: 'text', value: (row) => row.submission.typedCode },
  { name: 'code_id', type: 'uuid', value: (row) => row.codeId },
  { name: 'offer_id', type: 'uuid', value: (row) => row.offerId },
  { name: 'campaign_id', type: 'uuid', value: (row) => row.campaignId },
  { name: 'placement_id', type: 'uuid', value: (row) => row.placementId },
  { name: 'terms_version', type: 'integer', value: (row) => row.termsVersion },
  { name: 'channel_id', type: 'uuid', value: (row) => row.submission.channelId },
  { name: 'customer_id', type: 'uuid', value: (row) => row.submission.customerId },
  { name: 'customer_status', type: 'text', value: (row) => row.submission.customerStatus },
  { name: 'clerk', type: 'text', value: (row) => row.submission.clerk },
  { name: 'occurred_at', type: 'timestamptz', value: (row) => iso(row.submission.occurredAt) },
  { name: 'received_at', type: 'timestamptz', value: (row) => iso(row.receivedAt) },
  { name: 'day', type: 'date', value: (row) => row.day },
  { name: 'receipt_number', type: 'text', value: (row) => row.submission.receiptNumber },
  { name: 'currency', type: 'text', value: (row) => row.currency },
  { name: 'exchange_rate', type: 'numeric', value: (row) => row.exchangeRate },
  { name: 'subtotal', type: 'bigint', value: (row) => row.submission.subtotal },
  { name: 'discount', type: 'bigint', value: (row) => row.discount },
  { name: 'computed_discount', type: 'bigint', value: (row) => row.computedDiscount },
  { name: 'cost_of_goods', type: 'bigint', value: (row) => row.submission.costOfGoods },
  { name: 'gift_cost', type: 'bigint', value: (row) => row.giftCost },
  { name: 'offline', type: 'boolean', value: (row) => row.submission.offline },
  { name: 'reservation_id', type: 'uuid', value: (row) => row.submission.reservationId },
  { name: 'match_id', type: 'uuid', value: (row) => row.matchId },
  { name: 'click_id', type: 'uuid', value: (row) => row.submission.clickId },
  { name: 'honoured_over_limit', type: 'boolean', value: (row) => row.honouredOverLimit },
  { name: 'over_limit_bearer', type: 'text', value: (row) => row.overLimitBearer },
  { name: 'leaked_discount', type: 'bigint', value: (row) => row.leakedDiscount },
];

const NAMES = COLUMNS.map(({ name }) => name).join(', ');
const INSERT = {
  name: 'redemptions_insert',
  columns: COLUMNS,
  text: `insert into redemptions (${NAMES})
         select ${NAMES} from unnest(${COLUMNS.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ')}) as posted (${NAMES})`,
};

function key(row: InsertedRedemption): string {
  return `${row.redeemerPartnerId}/${row.externalId}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
