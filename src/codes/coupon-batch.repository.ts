import { Injectable } from '@nestjs/common';
import { copyFields } from '../platform/database/copy-text.js';
import { isUniqueViolation } from '../platform/database/database-errors.js';
import type { Tx } from '../platform/database/tx.js';
import type { CouponShape, DrawnCoupon } from './domain/coupon-pattern.js';
import type { Placement } from './placement.repository.js';

type BatchStatus = 'queued' | 'generating' | 'done' | 'failed';

/** A coupon batch with the zone of its campaign. `startsAt` and `expiresAt` are epoch ms. */
export interface CouponBatch {
  readonly id: string;
  readonly redeemerPartnerId: string;
  readonly offerId: string;
  readonly quantity: number;
  readonly generated: number;
  readonly pattern: string;
  readonly placement: Placement;
  readonly startsAt: number | null;
  readonly expiresAt: number | null;
  readonly status: BatchStatus;
  readonly failure: string | null;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  readonly timeZone: string;
}

export interface NewCouponBatch extends Pick<
  CouponBatch,
  'id' | 'redeemerPartnerId' | 'offerId' | 'quantity' | 'pattern' | 'placement' | 'startsAt' | 'expiresAt'
> {
  readonly shape: CouponShape;
}

/** A coupon that was drawn and is not known to be free yet. */
export interface CouponDraft extends DrawnCoupon {
  readonly id: string;
}

/** Some coupons of a batch as one text: a million rows as objects are a burden to the memory of the process. */
export interface CouponPage {
  /** The id of the last one. */
  readonly last: string;
  /** As printed, a line break after each. */
  readonly codes: string;
}

/** How far a batch is after a step of making it. */
export interface BatchProgress {
  readonly generated: number;
  readonly status: BatchStatus;
  readonly failure: string | null;
}

/** Whether a coupon could not be stored because its key was taken in the meantime. */
export function isKeyTaken(error: unknown): boolean {
  return isUniqueViolation(error, 'codes_live_key');
}

/** First half of an advisory lock's key, so that no other use of advisory locks meets this one. */
const CODE_SPACE_LOCK = 7_263_338;

@Injectable()
export class CouponBatchRepository {
  /**
   * How many coupons of a shape a redeemer has that can still be redeemed, ordered ones included. Until the transaction
   * ends nobody else can ask the same, so that two batches together do not crowd what each alone does not.
   */
  async countOfShape(tx: Tx, redeemerPartnerId: string, shape: CouponShape): Promise<bigint> {
    await tx.rows('select pg_advisory_xact_lock($1, hashtext($2))', [CODE_SPACE_LOCK, redeemerPartnerId]);
    const row = await tx.row<{ coupons: string }>(
      `select coalesce(sum(case b.status when 'failed' then b.generated else b.quantity end), 0) as coupons
         from coupon_batches b
        where b.redeemer_partner_id = $1 and b.shape = $2::jsonb and b.revoked_at is null
          and (b.expires_at is null or b.expires_at > now())`,
      [redeemerPartnerId, JSON.stringify(shape)],
    );
    return BigInt(row?.coupons ?? 0);
  }

  async insert(tx: Tx, batch: NewCouponBatch): Promise<void> {
    await tx.execute(
      `insert into coupon_batches (id, redeemer_partner_id, offer_id, placement_id, quantity, pattern, shape, starts_at,
                                   expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000), to_timestamp($9::float8 / 1000))`,
      [
        batch.id,
        batch.redeemerPartnerId,
        batch.offerId,
        batch.placement.id,
        batch.quantity,
        batch.pattern,
        JSON.stringify(batch.shape),
        batch.startsAt,
        batch.expiresAt,
      ],
    );
  }

  async find(tx: Tx, id: string): Promise<CouponBatch | undefined> {
    const row = await tx.row<CouponBatchRow>(BATCH, [id]);
    return row && toCouponBatch(row);
  }

  /** The same, locked until the transaction ends: one worker at a time adds coupons to a batch. */
  async lock(tx: Tx, id: string): Promise<CouponBatch | undefined> {
    const row = await tx.row<CouponBatchRow>(`${BATCH} for no key update of b`, [id]);
    return row && toCouponBatch(row);
  }

  /**
   * Stores those coupons whose key is free and answers how many these are. The one place that adds coupons.
   * COPY cannot pass over a taken key, so those are looked up first. Should somebody take a free one before it is stored,
   * the unique index ends the transaction: `isKeyTaken`. Run again, it finds that key taken and goes on without it.
   * Sorted by key: two batches that draw the same coupons wait for each other, and the index is filled page by page.
   */
  async insertCoupons(tx: Tx, batch: CouponBatch, drafts: readonly CouponDraft[]): Promise<number> {
    const free = new Map(drafts.map((draft) => [draft.key, draft]));
    const keys = [...free.keys()].sort();
    for (const key of await this.takenKeys(tx, batch.redeemerPartnerId, keys)) free.delete(key);
    const coupons = keys.flatMap((key) => free.get(key) ?? []);
    return tx.copyIn(COPY_COUPONS, couponLines(batch, coupons));
  }

  async saveProgress(tx: Tx, id: string, { generated, status, failure }: BatchProgress): Promise<void> {
    await tx.execute(
      `update coupon_batches
          set generated = $2, status = $3, failure = $4,
              finished_at = case when $3 in ('done', 'failed') then now() end
        where id = $1`,
      [id, generated, status, failure],
    );
  }

  /**
   * Revokes a batch and stops the making of it; the first revocation is the one that counts. Its coupons are revoked by
   * this one row, at once and without a lock on any of them that a till would wait for.
   */
  async revoke(tx: Tx, id: string): Promise<void> {
    await tx.execute(
      `update coupon_batches b
          set revoked_at = now(),
              status = case when b.status = 'done' then 'done' else 'failed' end,
              failure = case when b.status in ('queued', 'generating') then $2 else b.failure end,
              finished_at = coalesce(b.finished_at, now())
        where b.id = $1 and b.revoked_at is null`,
      [id, 'The batch was revoked before all its coupons were made.'],
    );
  }

  /** Notes that somebody fetched the coupons, so that they count as given out whatever happens to the batch later. */
  async markHandedOver(tx: Tx, id: string): Promise<void> {
    await tx.execute(
      'update coupon_batches b set handed_over_at = now() where b.id = $1 and b.handed_over_at is null',
      [id],
    );
  }

  /** The coupons of a batch that come after one of them, in the order of their ids; undefined when none does. */
  async couponsAfter(
    tx: Tx,
    id: string,
    after: string | null,
    limit: number,
  ): Promise<CouponPage | undefined> {
    return tx.row<CouponPage>(
      `select (array_agg(c.id order by c.id desc))[1] as last, string_agg(c.display || E'\\n', '' order by c.id) as codes
         from (select d.id, d.display from codes d
                where d.batch_id = $1 and ($2::uuid is null or d.id > $2) order by d.id limit $3) as c
       having count(*) > 0`,
      [id, after, limit],
    );
  }

  private async takenKeys(tx: Tx, redeemerPartnerId: string, keys: readonly string[]): Promise<string[]> {
    const rows = await tx.rows<{ key: string }>(
      `select k.key from unnest($2::text[]) as k (key)
        where exists (
          select from codes c where c.redeemer_partner_id = $1 and c.code_key = k.key and c.live)`,
      [redeemerPartnerId, keys],
    );
    return rows.map(({ key }) => key);
  }
}

const COPY_COUPONS = `
  copy codes (redeemer_partner_id, offer_id, kind, batch_id, placement_id, starts_at, expires_at, id, code_key, display)
  from stdin`;

/** Some 75 KB: a block is what is written to the connection at once. */
const COUPONS_PER_BLOCK = 250;

function* couponLines(batch: CouponBatch, coupons: readonly CouponDraft[]): Generator<string> {
  const shared = copyFields([
    ...[batch.redeemerPartnerId, batch.offerId, 'coupon', batch.id, batch.placement.id],
    ...[batch.startsAt, batch.expiresAt].map((ms) => (ms === null ? null : new Date(ms).toISOString())),
  ]);
  for (let start = 0; start < coupons.length; start += COUPONS_PER_BLOCK) {
    const block = coupons.slice(start, start + COUPONS_PER_BLOCK);
    yield block.map((one) => `${shared}\t${copyFields([one.id, one.key, one.display])}\n`).join('');
  }
}

const BATCH = `
  select b.id, b.redeemer_partner_id as "redeemerPartnerId", b.offer_id as "offerId", b.quantity, b.generated, b.pattern,
         b.starts_at as "startsAt", b.expires_at as "expiresAt", b.status, b.failure, b.revoked_at as "revokedAt",
         b.created_at as "createdAt", b.finished_at as "finishedAt", m.time_zone as "timeZone",
         p.id as "placementId", p.channel_id as "channelId", p.label
    from coupon_batches b
    join offers o on o.id = b.offer_id
    join campaigns m on m.id = o.campaign_id
    join placements p on p.id = b.placement_id
   where b.id = $1 and not b.is_pool`;

type CouponBatchRow = Omit<CouponBatch, 'placement' | 'startsAt' | 'expiresAt'> & {
  readonly placementId: string;
  readonly channelId: string | null;
  readonly label: string;
  readonly startsAt: Date | null;
  readonly expiresAt: Date | null;
};

function toCouponBatch({ placementId, channelId, label, ...row }: CouponBatchRow): CouponBatch {
  return {
    ...row,
    placement: { id: placementId, channelId, label },
    startsAt: row.startsAt?.getTime() ?? null,
    expiresAt: row.expiresAt?.getTime() ?? null,
  };
}
