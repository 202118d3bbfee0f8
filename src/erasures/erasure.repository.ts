import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { type Page, type PageRequest, toPage } from '../platform/http/page.js';

/** How many rows of the partner led to the customer. */
export interface ErasedRows {
  readonly redemptions: number;
  readonly receipts: number;
  readonly issuances: number;
  readonly reservations: number;
  readonly touches: number;
}

/** Who had a customer forgotten and when; never whom. */
export interface Erasure extends ErasedRows {
  readonly id: string;
  readonly partnerId: string;
  readonly requestedByKeyId: string;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
}

/** An id that is replaced: of the customer at the partner, or within a campaign. */
export interface ErasureLink {
  readonly oldId: string;
  readonly newId: string;
  readonly campaignId: string | null;
}

/** The key under which a campaign knows its customers. */
export interface CampaignKey {
  readonly campaignId: string;
  readonly customerKey: Uint8Array;
}

const ERASURES = `
  select e.id, e.partner_id as "partnerId", e.requested_by_key_id as "requestedByKeyId", e.requested_at as "requestedAt",
         e.finished_at as "finishedAt", e.redemptions::int, e.receipts::int, e.issuances::int, e.reservations::int, e.touches::int
    from customer_erasures e`;

/** What was asked and how far it is. What is replaced stands in `ErasedRowsRepository`. */
@Injectable()
export class ErasureRepository {
  /** The keys of all campaigns that the partner takes part in. */
  async campaignKeys(tx: Tx, partnerId: string): Promise<CampaignKey[]> {
    return tx.rows<CampaignKey>(
      `select c.id as "campaignId", c.customer_key as "customerKey"
         from campaign_participants p join campaigns c on c.id = p.campaign_id
        where p.partner_id = $1`,
      [partnerId],
    );
  }

  async insert(tx: Tx, erasure: Pick<Erasure, 'id' | 'partnerId' | 'requestedByKeyId'>): Promise<void> {
    await tx.execute(
      `insert into customer_erasures (id, partner_id, requested_by_key_id) values ($1, $2, $3)`,
      [erasure.id, erasure.partnerId, erasure.requestedByKeyId],
    );
  }

  /**
   * Notes what is to be replaced. Ids that another erasure is replacing are left to it: two that replaced one id would make two customers
   * of one. Sorted, so that two requests wait for each other instead of deadlocking.
   */
  async insertLinks(tx: Tx, erasureId: string, links: readonly ErasureLink[]): Promise<void> {
    const sorted = [...links].sort((a, b) => (a.oldId < b.oldId ? -1 : 1));
    await tx.execute(
      `insert into customer_erasure_links (erasure_id, old_id, new_id, campaign_id)
       select $1, given.old_id, given.new_id, given.campaign_id
         from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as given (old_id, new_id, campaign_id)
           on conflict (old_id) do nothing`,
      [
        erasureId,
        sorted.map(({ oldId }) => oldId),
        sorted.map(({ newId }) => newId),
        sorted.map(({ campaignId }) => campaignId),
      ],
    );
  }

  /** The erasure, and nobody else works on it until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<Erasure | undefined> {
    return tx.row<Erasure>(`${ERASURES} where e.id = $1 for update`, [id]);
  }

  async links(tx: Tx, id: string): Promise<ErasureLink[]> {
    return tx.rows<ErasureLink>(
      `select l.old_id as "oldId", l.new_id as "newId", l.campaign_id as "campaignId"
         from customer_erasure_links l where l.erasure_id = $1 order by l.campaign_id nulls first, l.old_id`,
      [id],
    );
  }

  async count(tx: Tx, id: string, rows: ErasedRows): Promise<void> {
    await tx.execute(
      `update customer_erasures e
          set redemptions = e.redemptions + $2, receipts = e.receipts + $3, issuances = e.issuances + $4,
              reservations = e.reservations + $5, touches = e.touches + $6
        where e.id = $1`,
      [id, rows.redemptions, rows.receipts, rows.issuances, rows.reservations, rows.touches],
    );
  }

  /** Forgets what was replaced. */
  async finish(tx: Tx, id: string): Promise<void> {
    await tx.execute(`delete from customer_erasure_links l where l.erasure_id = $1`, [id]);
    await tx.execute(`update customer_erasures e set finished_at = now() where e.id = $1`, [id]);
  }

  /** An erasure of this partner; of any for the operator (`partnerId` null). */
  async find(tx: Tx, partnerId: string | null, id: string): Promise<Erasure | undefined> {
    return tx.row<Erasure>(`${ERASURES} where e.id = $1 and ($2::uuid is null or e.partner_id = $2)`, [
      id,
      partnerId,
    ]);
  }

  async list(tx: Tx, partnerId: string | null, page: PageRequest): Promise<Page<Erasure>> {
    const rows = await tx.rows<Erasure>(
      `${ERASURES} where ($1::uuid is null or e.partner_id = $1) and ($2::uuid is null or e.id > $2)
       order by e.id limit $3`,
      [partnerId, page.after, page.limit + 1],
    );
    return toPage(rows, page.limit, (row) => row);
  }

  /** Up to which transaction somebody may have begun before now. */
  async latestTransaction(tx: Tx): Promise<string> {
    const row = await tx.row<{ xmax: string }>(
      'select pg_snapshot_xmax(pg_current_snapshot())::text as xmax',
    );
    if (!row) throw new Error('the database has no snapshot');
    return row.xmax;
  }

  /** Whether every transaction that had begun by then has ended. */
  async haveAllEnded(tx: Tx, latest: string): Promise<boolean> {
    const row = await tx.row<{ ended: boolean }>(
      'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as ended',
      [latest],
    );
    return row?.ended ?? false;
  }
}
