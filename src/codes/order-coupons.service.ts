import { Injectable } from '@nestjs/common';
import { notFound, type TandemError, unprocessable } from '../kernel/errors.js';
import type { Principal } from '../platform/auth/principal.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { Outbox } from '../platform/outbox/outbox.js';
import { OutboxRelay } from '../platform/outbox/outbox-relay.js';
import { CodeConditionsCheck, type NewCodeConditions } from './code-conditions.js';
import { type CouponBatch, CouponBatchRepository } from './coupon-batch.repository.js';
import {
  type CouponPattern,
  couponShape,
  DEFAULT_COUPON_PATTERN,
  isCrowded,
  parseCouponPattern,
} from './domain/coupon-pattern.js';
import { COUPONS_TOPIC } from './generate-coupons.job.js';
import { OfferAccess } from './offer-access.js';

export interface CouponOrder extends NewCodeConditions {
  readonly quantity: number;
  readonly pattern: string | null;
}

/** Takes orders for coupon batches; a worker makes the coupons. */
@Injectable()
export class OrderCouponsService {
  constructor(
    private readonly database: Database,
    private readonly access: OfferAccess,
    private readonly conditions: CodeConditionsCheck,
    private readonly batches: CouponBatchRepository,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
    private readonly clock: Clock,
  ) {}

  /** Throws 422 on a pattern that cannot be used or has too few codes for so many coupons. */
  async order(principal: Principal, offerId: string, order: CouponOrder): Promise<CouponBatch> {
    return this.database.transaction(async (tx) => {
      const offer = await this.access.asIssuer(tx, principal, offerId);
      const pattern = usablePattern(order.pattern ?? DEFAULT_COUPON_PATTERN);
      const conditions = await this.conditions.settle(tx, offer, order);
      const { redeemerPartnerId } = offer;
      const shape = couponShape(pattern);
      await this.assertRoom(tx, redeemerPartnerId, pattern, order.quantity);
      const id = this.clock.newId();
      const { quantity } = order;
      const batch = {
        id,
        redeemerPartnerId,
        offerId,
        quantity,
        pattern: pattern.printed,
        shape,
        ...conditions,
      };
      await this.batches.insert(tx, batch);
      const outboxId = await this.outbox.append(tx, COUPONS_TOPIC, { batchId: id });
      this.database.afterCommit(() => this.relay.publish(COUPONS_TOPIC, outboxId));
      const ordered = await this.batches.find(tx, id);
      if (!ordered) throw notFound();
      return ordered;
    });
  }

  private async assertRoom(
    tx: Tx,
    redeemerPartnerId: string,
    pattern: CouponPattern,
    quantity: number,
  ): Promise<void> {
    const issued = await this.batches.countOfShape(tx, redeemerPartnerId, couponShape(pattern));
    if (isCrowded(pattern, issued, BigInt(quantity))) throw crowded(pattern, issued, BigInt(quantity));
  }
}

function usablePattern(text: string): CouponPattern {
  const pattern = parseCouponPattern(text);
  if (!('problem' in pattern)) return pattern;
  throw unprocessable('pattern.invalid', 'This pattern cannot be used.', [
    { pointer: '/pattern', detail: pattern.problem },
  ]);
}

/** Says how many # would do, so that nobody has to guess. */
function crowded(pattern: CouponPattern, issued: bigint, quantity: bigint): TandemError {
  let needed = pattern.randomCharacters;
  while (isCrowded({ ...pattern, randomCharacters: needed }, issued, quantity)) needed += 1;
  return unprocessable(
    'pattern.too-crowded',
    'So many coupons of this pattern would be easy to guess. Use a longer pattern or order fewer.',
    [{ pointer: '/pattern', detail: `needs at least ${needed} #; this has ${pattern.randomCharacters}` }],
  );
}
