import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { IssuableOffer } from '../campaigns/domain/issuable-offer.js';
import { Clock } from '../platform/clock/clock.js';
import type { Tx } from '../platform/database/tx.js';
import type { CouponDraft } from './coupon-batch.repository.js';
import {
  type CouponPattern,
  DEFAULT_COUPON_PATTERN,
  drawCoupon,
  parseCouponPattern,
  randomBytesPerCoupon,
} from './domain/coupon-pattern.js';
import { lowMarkOf, nextPortion, surplus } from './domain/pool-size.js';
import { IssuancePoolRepository, type Pool, type PoolCoupon } from './issuance-pool.repository.js';

const PATTERN = defaultPattern();

/**
 * The coupons that are ready to be issued, one pool per offer. It makes more by itself while some are left, and never more
 * than the ceiling in all: so tills take their coupons without waiting for one counter.
 */
@Injectable()
export class IssuancePool {
  constructor(
    private readonly pools: IssuancePoolRepository,
    private readonly clock: Clock,
  ) {}

  /** A coupon that nobody has; undefined when the ceiling is reached. `placementId` is where the first pool is noted. */
  async take(
    tx: Tx,
    offer: IssuableOffer,
    ceiling: number,
    placementId: string,
  ): Promise<PoolCoupon | undefined> {
    const coupon = await this.pools.claim(tx, offer, ceiling);
    if (!coupon) return this.takeFromDry(tx, offer, ceiling, placementId);
    if (coupon.isLowMark) await this.topUp(tx, offer, ceiling);
    return coupon;
  }

  /** Whoever takes the marked coupon makes more, while the others take those that are left. */
  private async topUp(tx: Tx, offer: IssuableOffer, ceiling: number): Promise<void> {
    const pool = await this.pools.lockIfFree(tx, offer.id);
    if (pool) await this.extend(tx, offer, pool, ceiling);
  }

  /** One of those who find nothing makes more, or throws away what a lower ceiling forbids; the others wait for that. */
  private async takeFromDry(
    tx: Tx,
    offer: IssuableOffer,
    ceiling: number,
    placementId: string,
  ): Promise<PoolCoupon | undefined> {
    const locked = await this.lock(tx, offer, placementId);
    const unwanted = surplus(locked.made, ceiling);
    const made = unwanted > 0 ? await this.pools.discard(tx, offer, locked, unwanted) : locked.made;
    const coupon = await this.pools.claim(tx, offer, ceiling);
    if (coupon) return coupon;
    const extended = await this.extend(tx, offer, { ...locked, made }, ceiling);
    if (extended) return this.pools.claim(tx, offer, ceiling);
    return made > ceiling ? undefined : this.pools.claimLast(tx, offer);
  }

  private async lock(tx: Tx, offer: IssuableOffer, placementId: string): Promise<Pool> {
    const pool = await this.pools.lock(tx, offer.id);
    if (pool) return pool;
    await this.pools.insert(tx, offer, { id: this.clock.newId(), placementId, pattern: PATTERN });
    const inserted = await this.pools.lock(tx, offer.id);
    if (!inserted) throw new Error(`the pool of offer ${offer.id} is gone`);
    return inserted;
  }

  private async extend(tx: Tx, offer: IssuableOffer, pool: Pool, ceiling: number): Promise<boolean> {
    const portion = nextPortion(pool.made, ceiling);
    if (portion === 0) return false;
    await this.pools.fill(tx, offer, pool, { drafts: this.draw(portion), lowMark: lowMarkOf(portion) });
    return true;
  }

  private draw(count: number): CouponDraft[] {
    const width = randomBytesPerCoupon(PATTERN);
    const random = randomBytes(width * count);
    return Array.from({ length: count }, (_, index) => ({
      id: this.clock.newId(),
      ...drawCoupon(PATTERN, random.subarray(index * width, (index + 1) * width)),
    }));
  }
}

function defaultPattern(): CouponPattern {
  const pattern = parseCouponPattern(DEFAULT_COUPON_PATTERN);
  if ('problem' in pattern) throw new Error(pattern.problem);
  return pattern;
}
