import { randomUUID } from 'node:crypto';
import pg from 'pg';

export interface NaiveRequest {
  readonly externalId: string;
  readonly code: string;
  readonly channelId: string;
  readonly occurredAt: string;
  readonly receipt: { readonly number: string; readonly subtotal: { readonly amount: string } };
}

/**
 * One transaction per request on the same tables: insert the redemption, raise the counter of the code if a use is left. No checks of
 * campaign, dates, customer or receipt, no key, no outbox: less work per request than the engine does.
 */
export class NaiveRedeemer {
  private readonly pool: pg.Pool;
  private readonly codes = new Map<
    string,
    { partnerId: string; id: string; offerId: string; placementId: string }
  >();

  constructor(url: string, size: number) {
    this.pool = new pg.Pool({ connectionString: url, max: size });
  }

  async redeem(request: NaiveRequest): Promise<string> {
    const code = await this.find(request.code);
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      await client.query({
        name: 'naive_insert',
        text: `insert into redemptions (redeemer_partner_id, id, external_id, fingerprint, status, typed_code, code_id, offer_id, placement_id,
                 terms_version, channel_id, occurred_at, received_at, day, receipt_number, currency, subtotal, discount, computed_discount, offline)
               values ($1, $2, $3, '\\x00', 'accepted', $4, $5, $6, $7, 1, $8, $9, now(), current_date, $10, 'EUR', 5000, 500, 500, false)`,
        values: [
          code.partnerId,
          randomUUID(),
          `naive-${request.externalId}`,
          request.code,
          code.id,
          code.offerId,
          code.placementId,
          request.channelId,
          request.occurredAt,
          request.receipt.number,
        ],
      });
      const raised = await client.query({
        name: 'naive_claim',
        text: `update codes set uses = uses + 1
                where redeemer_partner_id = $1 and id = $2 and (max_redemptions is null or uses < max_redemptions) returning uses`,
        values: [code.partnerId, code.id],
      });
      await client.query(raised.rowCount === 1 ? 'commit' : 'rollback');
      return raised.rowCount === 1 ? 'accepted' : 'refused';
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  /** Looked up once and kept: a look-up per request would make the naive design slower still. */
  private async find(
    word: string,
  ): Promise<{ partnerId: string; id: string; offerId: string; placementId: string }> {
    const known = this.codes.get(word);
    if (known) return known;
    const { rows } = await this.pool.query<{
      partnerId: string;
      id: string;
      offerId: string;
      placementId: string;
    }>(
      `select c.redeemer_partner_id as "partnerId", c.id, c.offer_id as "offerId", c.placement_id as "placementId"
         from codes c where c.display = $1 and c.live`,
      [word],
    );
    const found = rows[0];
    if (!found) throw new Error(`the bench has no code ${word}`);
    this.codes.set(word, found);
    return found;
  }
}
