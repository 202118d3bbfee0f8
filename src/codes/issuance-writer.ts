import { Injectable } from '@nestjs/common';
import type { IssuableOffer, TermsOfIssuance } from '../campaigns/domain/issuable-offer.js';
import { TandemError } from '../kernel/errors.js';
import { Clock } from '../platform/clock/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { type CouponValidity, couponValidity } from './domain/coupon-validity.js';
import { ceilingOf } from './domain/pool-size.js';
import { IssuancePool } from './issuance-pool.js';
import type { PoolCoupon } from './issuance-pool.repository.js';
import { type Issuance, IssuanceRepository } from './issuance.repository.js';
import type { PreparedIssuance } from './issuance-requests.js';
import { PlacementRepository } from './placement.repository.js';

/** Another till stored this external id or this receipt between our look and our insert: roll back and look again. */
export class LostRace extends TandemError {
  constructor() {
    super('operational', 'service.unavailable', 'The same request is being answered; repeat it.', {
      status: 503,
      title: 'Service unavailable',
      retryAfterSeconds: 1,
    });
  }
}

/** Gives a coupon of the pool to a customer. */
@Injectable()
export class IssuanceWriter {
  constructor(
    private readonly pool: IssuancePool,
    private readonly issuances: IssuanceRepository,
    private readonly placements: PlacementRepository,
    private readonly clock: Clock,
  ) {}

  /** Undefined when no coupon is left. Throws `LostRace`. */
  async write(
    tx: Tx,
    offer: IssuableOffer,
    terms: TermsOfIssuance,
    request: PreparedIssuance,
  ): Promise<Issuance | undefined> {
    const { redeemBefore, issuance } = terms;
    const validity = couponValidity(offer.now, { ...issuance, redeemBefore, timeZone: offer.timeZone });
    const placementId = await this.placementOf(tx, offer, request.channelId);
    const ceiling = ceilingOf(issuance.ceiling);
    const coupon = await this.takeFree(tx, offer, ceiling, { placementId, ...validity });
    if (!coupon) return undefined;
    const id = this.clock.newId();
    const { toldExpiresAt } = validity;
    const matchId = request.matchIdOf?.(offer.customerKey) ?? null;
    const made = { ...request, id, offer, termsVersion: terms.version, placementId, codeId: coupon.id };
    if (!(await this.issuances.insert(tx, { ...made, matchId, toldExpiresAt }))) throw new LostRace();
    return toIssuance({ ...made, terms, code: coupon.display, toldExpiresAt });
  }

  /** The issuing channel, so that reports by placement tell which till brought the customers. */
  private async placementOf(tx: Tx, offer: IssuableOffer, channelId: string): Promise<string> {
    const name = { channelId, label: '' };
    return (await this.placements.findOrCreate(tx, this.clock.newId(), offer.id, name)).id;
  }

  /** A coupon of the pool that is a code from now on. One whose key somebody else took meanwhile is passed over. */
  private async takeFree(
    tx: Tx,
    offer: IssuableOffer,
    ceiling: number,
    use: CouponValidity & { readonly placementId: string },
  ): Promise<PoolCoupon | undefined> {
    const coupon = await this.pool.take(tx, offer, ceiling, use.placementId);
    if (!coupon || (await this.issuances.putIntoUse(tx, offer, coupon, use))) return coupon;
    return this.takeFree(tx, offer, ceiling, use);
  }
}

interface Made extends PreparedIssuance {
  readonly id: string;
  readonly offer: IssuableOffer;
  readonly terms: TermsOfIssuance;
  readonly placementId: string;
  readonly code: string;
  readonly toldExpiresAt: number;
}

function toIssuance({ offer, terms, receiptNumber, receiptTotal, ...made }: Made): Issuance {
  const { id, externalId, channelId, placementId, code } = made;
  const hasReceipt = receiptNumber !== null && receiptTotal !== null;
  return {
    ...{ id, externalId, channelId, placementId, code },
    ...{ offerId: offer.id, campaignId: offer.campaignId, timeZone: offer.timeZone },
    reward: terms.reward,
    receipt: hasReceipt ? { number: receiptNumber, total: receiptTotal } : null,
    issuedAt: new Date(offer.now),
    expiresAt: new Date(made.toldExpiresAt),
  };
}
