import type { Tx } from '../platform/database/tx.js';
import { RECORDED_FACTS_TOPIC } from '../receipts/recorded-facts.events.js';
import { COMPARE_CUSTOMERS } from './customer-comparison.sql.js';
import type { Difference } from './domain/difference.js';
import { COMPARE_PAIRS } from './pair-comparison.sql.js';
import { FIND_PENDING } from './pending-facts.sql.js';
import { COMPARE_ACCEPTED, COMPARE_REFUSED, FIND_STRAY_FACTS } from './redemption-comparison.sql.js';
import { compareSums, COUNTED, ROLLUPS } from './sum-comparison.sql.js';
import { COUNT_USES } from './uses.sql.js';
import { EMPTY_WORKSPACE, WORKSPACE } from './workspace.sql.js';

/** Before and behind every id there is. */
const FIRST = '00000000-0000-0000-0000-000000000000';
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Redemptions, or redemptions' customers, that one statement compares: some tens of MB in PostgreSQL, a second or less. */
export const CHUNK = 20_000;

/**
 * Until the transaction ends. A chunk is looked up row by row where a statement says so (lateral subqueries), and everything else is
 * hashed or merged: left alone the planner compares each row of a step with each of the next, since it expects a single row from a range
 * of receipts (300 redemptions: 5.8 s instead of 0.05).
 */
const PLANS = ['set local enable_nestloop = off', `set local work_mem = '32MB'`, 'set local jit = off'];

export interface RedeemerToCompare {
  readonly id: string;
  readonly name: string;
}

/** What is asked for; both null: everything. */
export interface Scope {
  readonly redeemerId: string | null;
  readonly campaignId: string | null;
}

/** A place between two receipts. */
interface ReceiptMark {
  readonly channelId: string;
  readonly number: string;
}

/**
 * Finds what differs, in PostgreSQL: nothing but ranges and counts comes back. All statements of a connection of its own, since
 * the findings stand in temporary tables.
 */
export class ComparisonRepository {
  constructor(private readonly chunk = CHUNK) {}

  async prepare(tx: Tx): Promise<void> {
    for (const statement of WORKSPACE) await tx.execute(statement);
  }

  /** The partners to compare: all, or the one, or the redeemers of the campaign. */
  async redeemers(tx: Tx, { redeemerId, campaignId }: Scope): Promise<RedeemerToCompare[]> {
    return tx.rows<RedeemerToCompare>(
      `select p.id, p.name from partners as p
        where ($1::uuid is null or p.id = $1)
          and ($2::uuid is null or p.id in (select o.redeemer_partner_id from offers as o where o.campaign_id = $2))
        order by p.id`,
      [redeemerId, campaignId],
    );
  }

  /** Empties the findings and finds what of this redeemer still waits in the outbox; answers how many redemptions and receipts that is. */
  async begin(tx: Tx, redeemerId: string): Promise<number> {
    await tx.execute(EMPTY_WORKSPACE);
    for (const statement of FIND_PENDING) await tx.execute(statement, [redeemerId, RECORDED_FACTS_TOPIC]);
    await tx.execute('analyze pending_redemptions, pending_receipts, pending_customers');
    for (const setting of PLANS) await tx.execute(setting);
    const row = await tx.row<{ waiting: string }>('select count(*) as waiting from pending_receipts');
    return Number(row?.waiting ?? 0);
  }

  /** Compares accepted redemptions after a mark, a chunk of receipts; answers where it ended, or undefined when that was all. */
  async compareReceipts(
    tx: Tx,
    redeemerId: string,
    campaignId: string | null,
    after?: ReceiptMark,
  ): Promise<ReceiptMark | undefined> {
    const from = after ?? { channelId: FIRST, number: '' };
    const end = await tx.row<ReceiptMark>(
      `select r.channel_id as "channelId", r.receipt_number as number from redemptions as r
        where r.redeemer_partner_id = $1 and r.status = 'accepted' and (r.channel_id, r.receipt_number) > ($2::uuid, $3::text)
        order by r.channel_id, r.receipt_number offset $4 limit 1`,
      [redeemerId, from.channelId, from.number, this.chunk],
    );
    const to = end ?? { channelId: LAST, number: '' };
    await tx.execute(COMPARE_ACCEPTED, [
      redeemerId,
      campaignId,
      from.channelId,
      from.number,
      to.channelId,
      to.number,
    ]);
    return end;
  }

  /** Compares what has no receipt to stand on: refusals, and contributions of redemptions that do not exist. */
  async compareRest(tx: Tx, redeemerId: string, campaignId: string | null): Promise<void> {
    await tx.execute(COMPARE_REFUSED, [redeemerId, campaignId]);
    await tx.execute(FIND_STRAY_FACTS, [redeemerId, campaignId]);
  }

  /** Compares customers after a mark; answers where it ended, or undefined when that was all. */
  async compareCustomers(
    tx: Tx,
    redeemerId: string,
    campaignId: string | null,
    after?: string,
  ): Promise<string | undefined> {
    const from = after ?? FIRST;
    const end = await tx.row<{ id: string }>(
      `select r.customer_id as id from redemptions as r
        where r.redeemer_partner_id = $1 and r.status = 'accepted' and r.customer_id is not null and r.customer_id > $2
        order by r.customer_id offset $3 limit 1`,
      [redeemerId, from, this.chunk],
    );
    const range = [from, end?.id ?? LAST];
    for (const statement of [COMPARE_CUSTOMERS, COMPARE_PAIRS])
      await tx.execute(statement, [redeemerId, campaignId, ...range]);
    return end?.id;
  }

  /** Compares every table of sums, after the chunks have been added up. */
  async compareSums(tx: Tx, redeemerId: string, campaignId: string | null): Promise<void> {
    await tx.execute(COUNT_USES, [redeemerId, campaignId]);
    await tx.execute('analyze daily_parts, receipt_parts, clerk_parts, pair_parts, uses_taken');
    for (const table of [...ROLLUPS, ...COUNTED]) {
      if (campaignId !== null && !table.isOfCampaigns) continue;
      await tx.execute(compareSums(table), [redeemerId, campaignId]);
    }
  }

  /** How many rows differ, and whether there is anything to repair. */
  async count(tx: Tx): Promise<{ rows: number; any: boolean }> {
    const row = await tx.row<{ rows: string; any: boolean }>(
      'select count(*) filter (where d.named) as rows, count(*) > 0 as any from differences as d',
    );
    return { rows: Number(row?.rows ?? 0), any: row?.any ?? false };
  }

  /** Some differences after one, in the order in which they were found. */
  async page(tx: Tx, after: number, limit: number): Promise<(Difference & { readonly id: number })[]> {
    return tx.rows(
      `select d.id::integer as id, d.relation, d.key, d.stored, d.expected
         from differences as d where d.named and d.id > $1 order by d.id limit $2`,
      [after, limit],
    );
  }
}
