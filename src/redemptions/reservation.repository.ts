import { Injectable } from '@nestjs/common';
import { ASKED, type CodePairs } from '../codes/code.read-model.js';
import type { Tx } from '../platform/database/tx.js';
import type { Reservation } from './domain/reservation.js';
import type { Taker } from './domain/uses.js';

export interface StoredReservation extends Reservation {
  readonly redeemerPartnerId: string;
}

/** A reservation as it is made. `expiresAt` is epoch ms, `cost` minor units. */
export interface NewReservation extends Taker {
  readonly redeemerPartnerId: string;
  readonly id: string;
  readonly day: string;
  readonly cost: bigint;
  readonly expiresAt: number;
}

/** What live reservations hold; `detail` says of which code, day, channel or customer. `spent` is in minor units. */
export interface HeldUses {
  readonly kind: 'offer' | 'day' | 'channel' | 'customer' | 'code';
  readonly offerId: string;
  readonly campaignId: string;
  readonly detail: string;
  readonly uses: number;
  readonly spent: string;
}

/** A reservation that is named by an attempt. */
interface Named {
  readonly redeemerPartnerId: string;
  readonly reservationId: string | null;
}

@Injectable()
export class ReservationRepository {
  async insert(tx: Tx, one: NewReservation): Promise<void> {
    await tx.execute(
      `insert into reservations (redeemer_partner_id, id, code_id, offer_id, campaign_id, channel_id, day, customer_id, cost, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        ...[one.redeemerPartnerId, one.id, one.codeId, one.offerId, one.campaignId, one.channelId],
        ...[one.day, one.customerId, one.cost, new Date(one.expiresAt)],
      ],
    );
  }

  /** The reservations that these attempts name, locked until the transaction ends. */
  async lock(tx: Tx, attempts: readonly Named[]): Promise<StoredReservation[]> {
    const named = attempts.filter((one) => one.reservationId !== null);
    const rows = await tx.prepared<StoredRow>(
      'reservations_lock',
      `select r.redeemer_partner_id as "redeemerPartnerId", r.id, r.code_id as "codeId", r.offer_id as "offerId",
              r.campaign_id as "campaignId", r.channel_id as "channelId", r.day, r.customer_id as "customerId", r.cost,
              r.expires_at as "expiresAt", r.released_at is not null or r.redemption_id is not null as "isOver"
         from (select * from unnest($1::uuid[], $2::uuid[]) limit cardinality($1::uuid[])) as named (partner_id, id)
         join reservations r on r.redeemer_partner_id = named.partner_id and r.id = named.id
        order by r.redeemer_partner_id, r.id
          for update of r`,
      [named.map((one) => one.redeemerPartnerId), named.map((one) => one.reservationId)],
    );
    return rows.map((row) => ({ ...row, cost: BigInt(row.cost), expiresAt: row.expiresAt.getTime() }));
  }

  /**
   * What is held of the offers that a decision about these codes looks at: by offer, day and channel, and by those of the codes and
   * customers that are asked for. The reservation that an attempt names itself is among it.
   */
  async findHeld(tx: Tx, pairs: CodePairs, customerIds: readonly string[]): Promise<HeldUses[]> {
    return tx.prepared<HeldUses>('reservations_find_held', HELD, [pairs.partnerIds, pairs.keys, customerIds]);
  }

  /** Marks reservations as redeemed; the caller holds them locked. */
  async redeem(tx: Tx, redeemed: readonly RedeemedReservation[]): Promise<void> {
    if (redeemed.length === 0) return;
    await tx.prepared(
      'reservations_redeem',
      `update reservations r set redemption_id = k.redemption_id
         from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as k (redeemer_partner_id, id, redemption_id)
        where r.redeemer_partner_id = k.redeemer_partner_id and r.id = k.id`,
      [
        redeemed.map((one) => one.redeemerPartnerId),
        redeemed.map((one) => one.reservationId),
        redeemed.map((one) => one.redemptionId),
      ],
    );
  }

  /** Gives a place back and answers what became of the reservation; undefined when the redeemer has none with that id. */
  async release(tx: Tx, redeemerPartnerId: string, id: string): Promise<{ isRedeemed: boolean } | undefined> {
    return tx.row(
      `update reservations r
          set released_at = case when r.redemption_id is null then coalesce(r.released_at, now()) end
        where r.redeemer_partner_id = $1 and r.id = $2
    returning r.redemption_id is not null as "isRedeemed"`,
      [redeemerPartnerId, id],
    );
  }
}

export interface RedeemedReservation {
  readonly redeemerPartnerId: string;
  readonly reservationId: string;
  readonly redemptionId: string;
}

interface StoredRow extends Omit<StoredReservation, 'cost' | 'expiresAt'> {
  readonly cost: string;
  readonly expiresAt: Date;
}

// A bit of grouping() is 0 where the row is grouped by that column. Days, channels and offers are few; codes and customers are as
// many as there are reservations, so only those that are asked for come back.
const HELD = `
  with ${ASKED}, held as (
    select h.* from offers_asked o
      join reservations h
        on h.redeemer_partner_id = o.redeemer_partner_id and h.offer_id = o.offer_id and h.expires_at > now()
       and h.released_at is null and h.redemption_id is null
  ), summed as (
    select grouping(h.day, h.channel_id, h.customer_id, h.code_id) as grouped_by, h.offer_id, h.campaign_id,
           h.day, h.channel_id, h.customer_id, h.code_id, count(*)::integer as uses, sum(h.cost) as spent
      from held h
     group by grouping sets ((h.offer_id, h.campaign_id), (h.offer_id, h.campaign_id, h.day), (h.offer_id, h.campaign_id, h.channel_id),
                             (h.offer_id, h.campaign_id, h.customer_id), (h.offer_id, h.campaign_id, h.code_id))
  )
  select case s.grouped_by when 7 then 'day' when 11 then 'channel' when 13 then 'customer' when 14 then 'code' else 'offer' end as kind,
         s.offer_id as "offerId", s.campaign_id as "campaignId",
         coalesce(s.day::text, s.channel_id::text, s.customer_id::text, s.code_id::text, '') as detail, s.uses, s.spent
    from summed s
   where s.grouped_by in (7, 11, 15)
      or s.grouped_by = 13 and s.customer_id = any($3::uuid[])
      or s.grouped_by = 14 and s.code_id in (select c.id from codes_asked c)`;
