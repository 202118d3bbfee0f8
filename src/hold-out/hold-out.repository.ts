import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/auth/principal.js';
import type { Tx } from '../platform/database/tx.js';
import type { Arm } from './domain/assign-arm.js';

/** A campaign whose codes a partner hands out or takes. */
export interface HoldOutCampaign {
  readonly id: string;
  /** Makes the match ids of the campaign; secret. */
  readonly customerKey: Uint8Array;
  readonly isApproved: boolean;
  /** A decimal; null: nobody is held out. */
  readonly holdOutShare: string | null;
  /** The redeemers of the codes that the asking partner hands out. */
  readonly redeemerIds: readonly string[];
}

/** Customers by their match ids, each with the arm that the hash gives it. */
export interface AskedArms {
  readonly campaignId: string;
  /** At least one, and all of them redeemers of the campaign. */
  readonly redeemerIds: readonly string[];
  readonly matchIds: readonly string[];
  readonly arms: readonly Arm[];
}

/** A customer of the redeemer's receipts, and who it is within a campaign. */
export interface CustomerLink {
  readonly campaignId: string;
  readonly customerId: string;
  readonly matchId: string;
}

@Injectable()
export class HoldOutRepository {
  /** The campaign with its terms in force, if the partner takes part in it. */
  async findCampaign(tx: Tx, { partnerId }: Principal, id: string): Promise<HoldOutCampaign | undefined> {
    return tx.row<HoldOutCampaign>(
      `select c.id, c.customer_key as "customerKey", c.effective_version is not null as "isApproved", t.hold_out_share as "holdOutShare",
              array(select distinct o.redeemer_partner_id
                      from offers o
                      join offer_terms ot on ot.offer_id = o.id and ot.version = c.effective_version
                     where o.campaign_id = c.id and o.issuer_partner_id = $2
                     order by 1) as "redeemerIds"
         from campaigns c
         left join campaign_terms t on t.campaign_id = c.id and t.version = c.effective_version
        where c.id = $1 and exists (
          select from campaign_participants m where m.campaign_id = c.id and m.partner_id = $2)`,
      [id, partnerId],
    );
  }

  /** Records customers that are not yet and answers the arm of each that was asked for, by match id. */
  async assign(tx: Tx, asked: AskedArms): Promise<Map<string, Arm>> {
    const { campaignId, redeemerIds, matchIds, arms } = asked;
    const rows = await tx.prepared<AssignedRow>('hold_out_assign', ASSIGN, [
      ...[campaignId, redeemerIds, matchIds, arms],
    ]);
    // Another transaction recorded a customer while we looked, under another share perhaps: by now its arm can be seen.
    if (rows.some(({ isRecorded }) => !isRecorded)) return this.assign(tx, asked);
    return new Map(rows.map(({ matchId, arm }) => [matchId, arm]));
  }

  /** Remembers who customers are within campaigns. One that is known stays what it is. */
  async link(tx: Tx, redeemerPartnerId: string, links: readonly CustomerLink[]): Promise<void> {
    await tx.prepared('hold_out_link', LINK, [
      redeemerPartnerId,
      links.map(({ campaignId }) => campaignId),
      links.map(({ customerId }) => customerId),
      links.map(({ matchId }) => matchId),
    ]);
  }
}

// known: the arm that a customer got first, at whichever redeemer of the campaign, is its arm for good, whatever the share is now.
// Sorted, so that two batches with the same customers wait for each other instead of deadlocking.
const ASSIGN = `
  with asked as (
    select distinct on (given.match_id) given.match_id, given.arm
      from unnest($3::uuid[], $4::text[]) as given (match_id, arm)
     order by given.match_id
  ),
  known as (
    select distinct on (h.match_id) h.match_id, h.arm
      from hold_out_customers h
     where h.redeemer_partner_id in (select o.redeemer_partner_id from offers o where o.campaign_id = $1)
       and h.campaign_id = $1 and h.match_id = any($3::uuid[])
     order by h.match_id, h.assigned_at
  ),
  settled as (
    select asked.match_id, coalesce(known.arm, asked.arm) as arm, known.arm is not null as is_known
      from asked left join known on known.match_id = asked.match_id
  ),
  added as (
    insert into hold_out_customers (redeemer_partner_id, campaign_id, match_id, arm)
    select redeemer.id, $1, settled.match_id, settled.arm
      from unnest($2::uuid[]) as redeemer (id) cross join settled
     order by redeemer.id, settled.match_id
        on conflict do nothing
    returning match_id
  )
  select settled.match_id as "matchId", settled.arm,
         settled.is_known or settled.match_id in (select added.match_id from added) as "isRecorded"
    from settled`;

interface AssignedRow {
  readonly matchId: string;
  readonly arm: Arm;
  readonly isRecorded: boolean;
}

const LINK = `
  insert into hold_out_links (redeemer_partner_id, campaign_id, customer_id, match_id)
  select $1, given.campaign_id, given.customer_id, given.match_id
    from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as given (campaign_id, customer_id, match_id)
   order by given.campaign_id, given.customer_id
      on conflict do nothing`;
