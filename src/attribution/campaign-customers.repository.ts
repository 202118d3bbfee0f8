import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { type Contribution, heldColumns, list, moveRollup, writeContributions } from './contribution.sql.js';
import { isLive } from './live-redemption.sql.js';

const PLACE = ['campaign_id', 'offer_id', 'placement_id', 'channel_id', 'day'];
const FIGURES = [
  ...['new_customers', 'returning_customers', 'returning_after_absence'],
  ...['claimed_new', 'claimed_returning'],
];
export const CAMPAIGN_CUSTOMERS: Contribution = {
  table: 'campaign_customers',
  key: ['redeemer_partner_id', 'customer_id', 'campaign_id'],
  cell: PLACE,
  figures: FIGURES,
};

// touched: the campaigns of the redemptions, and all others that the customers have been counted in: a visit in one campaign is
//          a previous visit for another. Campaigns whose redemptions are not attributed yet come with those.
// first:   found by walking along the customer's redemptions, so that one with thousands of them costs no more than others.
// Days before a redemption are 24 hours each: the two windows are about instants, not about calendar days.
const RECOMPUTE = `
  with named as materialized (
    select r.customer_id, r.campaign_id
      from redemptions as r
     where r.redeemer_partner_id = $1 and r.id = any($2::uuid[]) and r.status = 'accepted' and r.customer_id is not null
     union
    select p.customer_id, null
      from receipts as p
     where p.redeemer_partner_id = $1 and p.id = any($3::uuid[]) and p.customer_id is not null
  ),
  touched as (
    select named.customer_id, named.campaign_id from named where named.campaign_id is not null
     union
    select counted.customer_id, counted.campaign_id
      from (select distinct named.customer_id from named) as customer
     cross join lateral (
       select c.customer_id, c.campaign_id
         from campaign_customers as c
        where c.redeemer_partner_id = $1 and c.customer_id = customer.customer_id
       offset 0
     ) as counted
  ),
  fresh as materialized (
    select $1::uuid as redeemer_partner_id, touched.customer_id, touched.campaign_id,
           first.offer_id, first.placement_id, first.channel_id, first.day,
           first.id is not null as counts,
           (previous.visit is null)::int as new_customers,
           (previous.visit is not null)::int as returning_customers,
           coalesce(previous.visit <= first.occurred_at - terms.returning_after_days * interval '24 hours', false)::int
             as returning_after_absence,
           (first.customer_status is not distinct from 'new')::int as claimed_new,
           (first.customer_status is not distinct from 'returning')::int as claimed_returning,
           ${heldColumns(CAMPAIGN_CUSTOMERS, 'before')}
      from touched
      left join lateral (
        select c.*
          from campaign_customers as c
         where c.redeemer_partner_id = $1 and c.customer_id = touched.customer_id and c.campaign_id = touched.campaign_id
        offset 0
      ) as before on true
      left join lateral (
        select r.*
          from redemptions as r
         where r.redeemer_partner_id = $1 and r.customer_id = touched.customer_id and r.campaign_id = touched.campaign_id
           and r.status = 'accepted' and ${isLive('r')}
         order by r.occurred_at, r.id
         limit 1
      ) as first on true
      left join campaign_terms as terms
        on terms.campaign_id = first.campaign_id and terms.version = first.terms_version
     cross join lateral (
       select max(visits.occurred_at) as visit
         from (
           (
             select p.occurred_at
               from receipts as p
              where p.redeemer_partner_id = $1 and p.customer_id = first.customer_id
                and p.occurred_at >= first.occurred_at - terms.new_customer_lookback_days * interval '24 hours'
                and p.occurred_at < first.occurred_at
                and (p.channel_id, p.number) <> (first.channel_id, first.receipt_number)
              order by p.occurred_at desc
              limit 1
           )
           union all
           (
             select r.occurred_at
               from redemptions as r
              where r.redeemer_partner_id = $1 and r.customer_id = first.customer_id
                and r.status = 'accepted' and ${isLive('r')}
                and r.occurred_at >= first.occurred_at - terms.new_customer_lookback_days * interval '24 hours'
                and r.occurred_at < first.occurred_at
                and (r.channel_id, r.receipt_number) <> (first.channel_id, first.receipt_number)
              order by r.occurred_at desc
              limit 1
           )
         ) as visits
     ) as previous
  ),
  ${writeContributions(CAMPAIGN_CUSTOMERS)},
  days as (
    ${moveRollup(
      'campaign_daily',
      ['redeemer_partner_id', ...PLACE],
      FIGURES,
      `(
        select redeemer_partner_id, ${list([...PLACE, ...FIGURES])} from fresh where counts
         union all
        select redeemer_partner_id, campaign_id, ${list(PLACE.slice(1), 'held_')}, ${list(FIGURES, '-held_')} from fresh where held
      )`,
    )}
  )
  select count(*)::int as changed from days`;

/** Whether each customer of a campaign was new to the redeemer, in the cell of the first redemption that still counts. */
@Injectable()
export class CampaignCustomersRepository {
  /** Brings the customers of these facts at a redeemer up to date; answers how many cells of `campaign_daily` changed. */
  async recompute(
    tx: Tx,
    redeemerId: string,
    redemptions: readonly string[],
    receipts: readonly string[],
  ): Promise<number> {
    const [row] = await tx.prepared<{ changed: number }>('attribute_customers', RECOMPUTE, [
      redeemerId,
      redemptions,
      receipts,
    ]);
    return row?.changed ?? 0;
  }
}
