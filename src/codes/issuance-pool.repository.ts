import { Injectable } from '@nestjs/common';
import type { IssuableOffer } from '../campaigns/domain/issuable-offer.js';
import type { Tx } from '../platform/database/tx.js';
import type { CouponDraft } from './coupon-batch.repository.js';
import { type CouponPattern, couponShape } from './domain/coupon-pattern.js';

/** The coupon batch that an offer's issued coupons belong to. */
export interface Pool {
  readonly id: string;
  /** Coupons ever made for it, issued or not, without those that were thrown away. */
  readonly made: number;
}

/** A coupon that was taken out of the pool: whoever holds it is the only one. */
export interface PoolCoupon {
  readonly id: string;
  readonly batchId: string;
  readonly codeKey: string;
  readonly display: string;
  readonly isLowMark: boolean;
}

export interface NewPool {
  readonly id: string;
  readonly placementId: string;
  readonly pattern: CouponPattern;
}

/** Which offer's pool is meant. */
export type PoolOwner = Pick<IssuableOffer, 'id' | 'redeemerPartnerId'>;

/**
 * Coupons that nobody has yet. They are not among the codes, so no till can redeem them, and no look-up of a code reads
 * past them.
 */
@Injectable()
export class IssuancePoolRepository {
  /**
   * Takes a coupon nobody else is taking; undefined when there is none, or when more coupons were made than the ceiling
   * allows. Waits for nobody.
   */
  async claim(tx: Tx, offer: PoolOwner, ceiling: number): Promise<PoolCoupon | undefined> {
    return this.take(tx, 'pool_claim', CLAIM, [offer.redeemerPartnerId, offer.id, ceiling]);
  }

  /** The same without regard to the ceiling; waits for those who are taking the last ones, in case they give one back. */
  async claimLast(tx: Tx, offer: PoolOwner): Promise<PoolCoupon | undefined> {
    return this.take(tx, 'pool_claim_last', CLAIM_LAST, [offer.redeemerPartnerId, offer.id]);
  }

  /** The pool, locked until the transaction ends: nobody else makes coupons for it or throws some away. */
  async lock(tx: Tx, offerId: string): Promise<Pool | undefined> {
    return tx.row<Pool>(`${POOL} for no key update`, [offerId]);
  }

  /** The same, but undefined when somebody else holds the lock: then they are seeing to it. */
  async lockIfFree(tx: Tx, offerId: string): Promise<Pool | undefined> {
    return tx.row<Pool>(`${POOL} for no key update skip locked`, [offerId]);
  }

  /** Adds an empty pool, unless the offer has one. */
  async insert(tx: Tx, offer: PoolOwner, { id, placementId, pattern }: NewPool): Promise<void> {
    await tx.execute(
      `insert into coupon_batches (id, redeemer_partner_id, offer_id, placement_id, quantity, generated, pattern, shape,
                                   status, finished_at, is_pool)
       values ($1, $2, $3, $4, 1, 0, $5, $6, 'done', now(), true)
           on conflict (offer_id) where is_pool do nothing`,
      [
        id,
        offer.redeemerPartnerId,
        offer.id,
        placementId,
        pattern.printed,
        JSON.stringify(couponShape(pattern)),
      ],
    );
  }

  /** Adds coupons to a pool that is locked. They are issued in the order of their ids; `lowMark` is the place of one of them. */
  async fill(
    tx: Tx,
    offer: PoolOwner,
    pool: Pool,
    { drafts, lowMark }: { readonly drafts: readonly CouponDraft[]; readonly lowMark: number | null },
  ): Promise<void> {
    const sorted = [...drafts].sort((one, other) => (one.id < other.id ? -1 : 1));
    await tx.execute(
      `insert into pool_coupons (redeemer_partner_id, offer_id, batch_id, id, code_key, display, is_low_mark)
       select $1, $2, $3, d.id, d.code_key, d.display, d.is_low_mark
         from unnest($4::uuid[], $5::text[], $6::text[], $7::boolean[]) as d (id, code_key, display, is_low_mark)`,
      [
        offer.redeemerPartnerId,
        offer.id,
        pool.id,
        sorted.map(({ id }) => id),
        sorted.map(({ key }) => key),
        sorted.map(({ display }) => display),
        sorted.map((_, place) => place === lowMark),
      ],
    );
    await this.setMade(tx, pool.id, pool.made + drafts.length);
  }

  /** Throws away up to so many coupons of a pool that is locked, and answers how many were made without them. */
  async discard(tx: Tx, offer: PoolOwner, pool: Pool, unwanted: number): Promise<number> {
    const discarded = await tx.execute(
      `with unwanted as materialized (
         select u.id from pool_coupons u where u.redeemer_partner_id = $1 and u.offer_id = $2
          order by u.id desc limit $3 for update
       )
       delete from pool_coupons p using unwanted u
        where p.redeemer_partner_id = $1 and p.offer_id = $2 and p.id = u.id`,
      [offer.redeemerPartnerId, offer.id, unwanted],
    );
    const made = pool.made - discarded;
    if (discarded > 0) await this.setMade(tx, pool.id, made);
    return made;
  }

  private async setMade(tx: Tx, poolId: string, made: number): Promise<void> {
    await tx.execute('update coupon_batches set generated = $2, quantity = greatest($2, 1) where id = $1', [
      poolId,
      made,
    ]);
  }

  private async take(
    tx: Tx,
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<PoolCoupon | undefined> {
    return (await tx.prepared<PoolCoupon>(name, text, values))[0];
  }
}

const POOL = 'select b.id, b.generated as made from coupon_batches b where b.offer_id = $1 and b.is_pool';

// The subquery stands alone, so that it runs once: joined, it might run again and lock another coupon.
const TAKE = (which: string) => `
  delete from pool_coupons p
   where p.redeemer_partner_id = $1 and p.offer_id = $2
     and p.id = (select f.id from pool_coupons f where f.redeemer_partner_id = $1 and f.offer_id = $2 ${which})
  returning p.id, p.batch_id as "batchId", p.code_key as "codeKey", p.display, p.is_low_mark as "isLowMark"`;

const CLAIM = TAKE(`
       and (select b.generated from coupon_batches b where b.offer_id = $2 and b.is_pool) <= $3
     order by f.id limit 1 for update skip locked`);

const CLAIM_LAST = TAKE('order by f.id limit 1 for update');
