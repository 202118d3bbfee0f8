import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { OfferForCodes } from '../campaigns/campaign.read-model.js';
import { notFound } from '../kernel/errors.js';
import { PartnerReadModel } from '../partners/partner.read-model.js';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { type CouponBatch, CouponBatchRepository } from './coupon-batch.repository.js';
import { type CouponColumns, couponsCsv } from './coupons-csv.js';
import { toCodeDays } from './domain/code-period.js';
import { OfferAccess } from './offer-access.js';

/** Coupons read and written to the answer at a time: 40 KB. */
const PAGE = 2_000;

@Injectable()
export class CouponBatchesService {
  constructor(
    private readonly database: Database,
    private readonly access: OfferAccess,
    private readonly batches: CouponBatchRepository,
    private readonly partners: PartnerReadModel,
  ) {}

  async find(principal: Principal, id: string): Promise<CouponBatch> {
    return this.database.read(async (tx) => (await this.asIssuer(tx, principal, id)).batch);
  }

  /** From now on the coupons of the batch are refused, and no more are made. Repeating it changes nothing. */
  async revoke(principal: Principal, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { batch } = await this.asIssuer(tx, principal, id);
      await this.batches.revoke(tx, batch.id);
    });
  }

  /** The coupons of the batch as a stream of CSV; of one that is still being made, those that are there. */
  async export(principal: Principal, id: string): Promise<Readable> {
    const columns = await this.database.transaction(async (tx) => {
      const { batch, offer } = await this.asIssuer(tx, principal, id);
      await this.batches.markHandedOver(tx, batch.id);
      return this.columnsOf(tx, batch, offer);
    });
    return couponsCsv(
      (after) => this.database.read((tx) => this.batches.couponsAfter(tx, id, after, PAGE)),
      columns,
    );
  }

  private async asIssuer(
    tx: Tx,
    principal: Principal,
    id: string,
  ): Promise<{ batch: CouponBatch; offer: OfferForCodes }> {
    const batch = await this.batches.find(tx, id);
    if (!batch) throw notFound();
    return { batch, offer: await this.access.asIssuer(tx, principal, batch.offerId) };
  }

  private async columnsOf(tx: Tx, batch: CouponBatch, offer: OfferForCodes): Promise<CouponColumns> {
    const { channelId, label } = batch.placement;
    const channel =
      channelId === null ? undefined : await this.partners.channel(tx, offer.issuerPartnerId, channelId);
    const placement = [channel?.name, label].filter(Boolean).join(', ');
    return { expiresOn: toCodeDays(batch, batch.timeZone).expiresOn, placement };
  }
}
