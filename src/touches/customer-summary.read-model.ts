import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/auth/principal.js';
import type { Tx } from '../platform/database/tx.js';

/** Exact counts, not for partners: see `coarseCount`. */
export interface CustomerCounts {
  /** The first day that is not counted, a local date of the campaign. */
  readonly before: string;
  readonly customers: bigint;
  readonly acrossPartners: bigint;
}

@Injectable()
export class CustomerSummaryReadModel {
  /**
   * The customers of a campaign by their match ids, as seen at tills: accepted redemptions at the redeemer, issuances at the issuer. Posted
   * touches are not looked at: they cost nothing, so anybody could be made to seem seen. What was recorded today is not counted,
   * so that nobody watches single posts. Costs as much as there are such facts with a customer. Undefined when the principal's
   * partner has no part in the campaign.
   */
  async counts(tx: Tx, { partnerId }: Principal, campaignId: string): Promise<CustomerCounts | undefined> {
    const row = await tx.row<{ before: string; customers: string; acrossPartners: string }>(COUNTS, [
      campaignId,
      partnerId,
    ]);
    return row && { ...row, customers: BigInt(row.customers), acrossPartners: BigInt(row.acrossPartners) };
  }
}

const COUNTS = `
  with campaign as (
    select c.id, (now() at time zone c.time_zone)::date as before,
           date_trunc('day', now() at time zone c.time_zone) at time zone c.time_zone as cut
      from campaigns c
     where c.id = $1 and ($2::uuid is null or exists (
       select from campaign_participants m where m.campaign_id = c.id and m.partner_id = $2))
  ),
  redeemers as (select distinct o.redeemer_partner_id from offers o where o.campaign_id = $1),
  seen as (
    select r.match_id, r.redeemer_partner_id as partner_id
      from campaign
      join redemptions r on r.campaign_id = campaign.id and r.recorded_at < campaign.cut
     where r.redeemer_partner_id in (select redeemer_partner_id from redeemers)
       and r.match_id is not null and r.status = 'accepted'
     union
    select i.match_id, i.issuer_partner_id
      from campaign
      join issuances i on i.campaign_id = campaign.id and i.issued_at < campaign.cut
     where i.redeemer_partner_id in (select redeemer_partner_id from redeemers) and i.match_id is not null
  ),
  customers as (select seen.match_id, count(*) as partners from seen group by seen.match_id)
  select campaign.before::text as before, (select count(*) from customers) as customers,
         (select count(*) from customers where partners > 1) as "acrossPartners"
    from campaign`;
