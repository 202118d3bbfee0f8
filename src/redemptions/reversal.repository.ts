import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';

export interface NewReversal {
  readonly redeemerPartnerId: string;
  readonly id: string;
  readonly externalId: string;
  readonly fingerprint: Buffer;
  readonly redemptionExternalId: string;
  readonly reason: string;
  readonly occurredAt: Date;
}

/** A reversal that was stored earlier under the same external id, and what became of it. */
export interface StoredReversal {
  readonly id: string;
  readonly fingerprint: Buffer;
  readonly useReturned: boolean | null;
}

/** An accepted redemption with the reversal that asks for it and has not been applied. Money minor units. */
export interface ReversibleRedemption {
  readonly redeemerPartnerId: string;
  readonly reversalId: string;
  readonly reversedAt: Date;
  readonly redemptionId: string;
  readonly codeId: string;
  readonly offerId: string;
  readonly termsVersion: number;
  readonly customerId: string | null;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  readonly offline: boolean;
  readonly honouredOverLimit: boolean;
}

export interface Application {
  readonly redeemerPartnerId: string;
  readonly redemptionId: string;
  readonly reversalId: string;
  readonly useReturned: boolean;
}

/** Ids by the partner at whose till it happened, as parallel arrays. */
export interface PartnerIds {
  readonly partnerIds: readonly string[];
  readonly ids: readonly string[];
}

@Injectable()
export class ReversalRepository {
  /** False when this external id is stored already; waits for a post of the same id that is under way. */
  async insert(tx: Tx, reversal: NewReversal): Promise<boolean> {
    const inserted = await tx.execute(
      `insert into reversals (redeemer_partner_id, id, external_id, fingerprint, redemption_external_id, reason, occurred_at, received_at)
       values ($1, $2, $3, $4, $5, $6, $7, now())
       on conflict on constraint reversals_external_id do nothing`,
      [
        reversal.redeemerPartnerId,
        reversal.id,
        reversal.externalId,
        reversal.fingerprint,
        reversal.redemptionExternalId,
        reversal.reason,
        reversal.occurredAt,
      ],
    );
    return inserted === 1;
  }

  async findStored(
    tx: Tx,
    redeemerPartnerId: string,
    externalId: string,
  ): Promise<StoredReversal | undefined> {
    return tx.row<StoredReversal>(
      `select v.id, v.fingerprint, a.use_returned as "useReturned"
         from reversals v
         left join reversal_applications a on a.redeemer_partner_id = v.redeemer_partner_id and a.reversal_id = v.id
        where v.redeemer_partner_id = $1 and v.external_id = $2`,
      [redeemerPartnerId, externalId],
    );
  }

  /** Whether the redemption has arrived, and if so whether it can be reversed. */
  async redemptionState(
    tx: Tx,
    redeemerPartnerId: string,
    externalId: string,
  ): Promise<'absent' | 'refused' | 'accepted' | 'reversed'> {
    const row = await tx.row<{ state: 'refused' | 'accepted' | 'reversed' }>(
      `select case when r.status = 'refused' then 'refused' when a.redemption_id is not null then 'reversed' else 'accepted' end as state
         from redemptions r
         left join reversal_applications a
           on a.redeemer_partner_id = r.redeemer_partner_id and a.redemption_id = r.id and a.completes
        where r.redeemer_partner_id = $1 and r.external_id = $2`,
      [redeemerPartnerId, externalId],
    );
    return row?.state ?? 'absent';
  }

  /**
   * The accepted, not yet reversed redemptions that these redemptions or reversals lead to, each with its earliest waiting
   * reversal; their rows are locked in key order, so that two appliers cannot both take one.
   */
  async lockReversible(
    tx: Tx,
    redemptions: PartnerIds,
    reversals: PartnerIds,
  ): Promise<ReversibleRedemption[]> {
    return tx.rows<ReversibleRedemption>(
      `select r.redeemer_partner_id as "redeemerPartnerId", v.id as "reversalId", v.occurred_at as "reversedAt",
              r.id as "redemptionId", r.code_id as "codeId", r.offer_id as "offerId", r.terms_version as "termsVersion",
              r.customer_id as "customerId", r.occurred_at as "occurredAt", r.received_at as "receivedAt", r.offline,
              r.honoured_over_limit as "honouredOverLimit"
         from (select w.redeemer_partner_id, w.redemption_external_id
                 from unnest($3::uuid[], $4::uuid[]) as named (partner_id, id)
                 join reversals w on w.redeemer_partner_id = named.partner_id and w.id = named.id
               union
               select s.redeemer_partner_id, s.external_id
                 from unnest($1::uuid[], $2::uuid[]) as named (partner_id, id)
                 join redemptions s on s.redeemer_partner_id = named.partner_id and s.id = named.id and s.status = 'accepted') asked
         join redemptions r on r.redeemer_partner_id = asked.redeemer_partner_id and r.external_id = asked.redemption_external_id
         join lateral (
                select w.id, w.occurred_at from reversals w
                 where w.redeemer_partner_id = asked.redeemer_partner_id and w.redemption_external_id = asked.redemption_external_id
                 order by w.occurred_at, w.id limit 1) v on true
        where r.status = 'accepted'
          and not exists (select 1 from reversal_applications a
                           where a.redeemer_partner_id = r.redeemer_partner_id and a.redemption_id = r.id and a.completes)
        order by r.redeemer_partner_id, r.id
          for update of r`,
      [redemptions.partnerIds, redemptions.ids, reversals.partnerIds, reversals.ids],
    );
  }

  /** Records full reversals and answers those that took effect: one per redemption, the others lost a race. */
  async apply(tx: Tx, applications: readonly Application[]): Promise<Application[]> {
    return tx.rows<Application>(
      `insert into reversal_applications
              (redeemer_partner_id, redemption_id, reversal_id, net_amount, discount_amount, completes, use_returned)
       select r.redeemer_partner_id, r.id, given.reversal_id, r.subtotal - r.discount, r.discount, true, given.use_returned
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::boolean[]) as given (partner_id, redemption_id, reversal_id, use_returned)
         join redemptions r on r.redeemer_partner_id = given.partner_id and r.id = given.redemption_id
        order by r.redeemer_partner_id, r.id
           on conflict (redeemer_partner_id, redemption_id) where completes do nothing
    returning redeemer_partner_id as "redeemerPartnerId", redemption_id as "redemptionId", reversal_id as "reversalId",
              use_returned as "useReturned"`,
      [
        applications.map((one) => one.redeemerPartnerId),
        applications.map((one) => one.redemptionId),
        applications.map((one) => one.reversalId),
        applications.map((one) => one.useReturned),
      ],
    );
  }
}
