import { Injectable } from '@nestjs/common';
import { TERMS_IN_FORCE } from '../campaigns/terms-in-force.events.js';
import { NotifiedCache } from '../platform/database/notified-cache.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { Listener } from '../platform/database/listener.js';

/** A campaign with a hold-out, at one of its redeemers. Codes are taken in [startsAt, redeemBefore), epoch ms. */
export interface RunningHoldOut {
  readonly campaignId: string;
  /** Makes the match ids of the campaign; secret. */
  readonly customerKey: Uint8Array;
  readonly startsAt: number;
  readonly redeemBefore: number;
}

interface Row extends Omit<RunningHoldOut, 'startsAt' | 'redeemBefore'> {
  readonly startsAt: Date;
  readonly redeemBefore: Date;
}

/** Partners of a large installation; an empty answer takes next to nothing. */
const PARTNERS_KEPT = 5_000;

/**
 * Which campaigns with a hold-out a redeemer takes codes in, without a query per receipt: read once, and again when terms of any campaign
 * came into force. The first question takes a connection of its own, so ask before opening a transaction.
 */
@Injectable()
export class HoldOutCampaigns {
  private readonly kept: NotifiedCache<readonly RunningHoldOut[]>;

  constructor(
    private readonly database: Database,
    listener: Listener,
    clock: Clock,
  ) {
    this.kept = new NotifiedCache((partnerId) => this.load(partnerId), {
      capacity: PARTNERS_KEPT,
      maxAgeMs: Infinity,
      missMs: 0,
      isListening: () => listener.isListening,
      now: () => clock.now(),
    });
    const forget = (): void => this.kept.onGap();
    listener.subscribe(TERMS_IN_FORCE, { onMessage: forget, onGap: forget });
  }

  async of(redeemerPartnerId: string): Promise<readonly RunningHoldOut[]> {
    return (await this.kept.get(redeemerPartnerId)) ?? [];
  }

  private async load(redeemerPartnerId: string): Promise<RunningHoldOut[]> {
    const rows = await this.database.separateTransaction((tx) =>
      tx.rows<Row>(HOLD_OUTS, [redeemerPartnerId]),
    );
    return rows.map(({ startsAt, redeemBefore, ...campaign }) => ({
      ...campaign,
      startsAt: startsAt.getTime(),
      redeemBefore: redeemBefore.getTime(),
    }));
  }
}

const HOLD_OUTS = `
  select c.id as "campaignId", c.customer_key as "customerKey", t.starts_at as "startsAt", t.redeem_before as "redeemBefore"
    from campaigns c
    join campaign_terms t on t.campaign_id = c.id and t.version = c.effective_version
   where t.hold_out_share is not null
     and exists (select from offers o join offer_terms ot on ot.offer_id = o.id and ot.version = c.effective_version
                  where o.campaign_id = c.id and o.redeemer_partner_id = $1)`;
