import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { replaceContributions } from './contribution.sql.js';
import type { FactKeys } from './domain/merge-refs.js';
import { isLive } from './live-redemption.sql.js';

// All campaigns of a touched customer are looked at: a visit in one campaign is a previous visit for another.
// Days before a redemption are 24 hours each: the two windows are about instants, not about calendar days.
const RECOMPUTE = replaceContributions(
  {
    table: 'campaign_customers',
    key: ['redeemer_partner_id', 'campaign_id', 'customer_id'],
    rollup: 'campaign_daily',
    cell: ['redeemer_partner_id', 'campaign_id', 'offer_id', 'placement_id', 'channel_id', 'day'],
    figures: [
      'new_customers',
      'returning_customers',
      'returning_after_absence',
      'claimed_new',
      'claimed_returning',
    ],
  },
  `
    touched as (
      select r.redeemer_partner_id, r.customer_id
        from unnest($1::uuid[], $2::uuid[]) as ref (partner_id, id)
        join redemptions as r on r.redeemer_partner_id = ref.partner_id and r.id = ref.id
       where r.status = 'accepted' and r.customer_id is not null
       union
      select p.redeemer_partner_id, p.customer_id
        from unnest($3::uuid[], $4::uuid[]) as ref (partner_id, id)
        join receipts as p on p.redeemer_partner_id = ref.partner_id and p.id = ref.id
       where p.customer_id is not null
    ),
    before as (
      select held.*
        from touched
        join campaign_customers as held
          on held.redeemer_partner_id = touched.redeemer_partner_id and held.customer_id = touched.customer_id
    ),
    firsts as (
      select distinct on (r.redeemer_partner_id, r.customer_id, r.campaign_id) r.*
        from touched
        join redemptions as r
          on r.redeemer_partner_id = touched.redeemer_partner_id and r.customer_id = touched.customer_id
       where r.status = 'accepted' and r.customer_id is not null and ${isLive('r')}
       order by r.redeemer_partner_id, r.customer_id, r.campaign_id, r.occurred_at, r.id
    ),
    windows as (
      select firsts.*,
             firsts.occurred_at - terms.new_customer_lookback_days * interval '24 hours' as looked_back_to,
             firsts.occurred_at - terms.returning_after_days * interval '24 hours' as absent_since
        from firsts
        join campaign_terms as terms on terms.campaign_id = firsts.campaign_id and terms.version = firsts.terms_version
    ),
    fresh as (
      select f.redeemer_partner_id, f.campaign_id, f.customer_id, f.offer_id, f.placement_id, f.channel_id, f.day,
             (previous.visit is null)::int as new_customers,
             (previous.visit is not null)::int as returning_customers,
             coalesce(previous.visit <= f.absent_since, false)::int as returning_after_absence,
             (f.customer_status is not distinct from 'new')::int as claimed_new,
             (f.customer_status is not distinct from 'returning')::int as claimed_returning
        from windows as f
       cross join lateral (
         select max(visits.occurred_at) as visit
           from (
             (
               select p.occurred_at
                 from receipts as p
                where p.redeemer_partner_id = f.redeemer_partner_id and p.customer_id = f.customer_id
                  and p.occurred_at >= f.looked_back_to and p.occurred_at < f.occurred_at
                  and (p.channel_id, p.number) <> (f.channel_id, f.receipt_number)
                order by p.occurred_at desc
                limit 1
             )
             union all
             (
               select r.occurred_at
                 from redemptions as r
                where r.redeemer_partner_id = f.redeemer_partner_id and r.customer_id = f.customer_id
                  and r.status = 'accepted' and ${isLive('r')}
                  and r.occurred_at >= f.looked_back_to and r.occurred_at < f.occurred_at
                  and (r.channel_id, r.receipt_number) <> (f.channel_id, f.receipt_number)
                order by r.occurred_at desc
                limit 1
             )
           ) as visits
       ) as previous
    )`,
);

/** Whether each customer of a campaign was new to the redeemer, in the cell of the first redemption that still counts. */
@Injectable()
export class CampaignCustomersRepository {
  /** Brings the customers of the touched facts up to date; answers how many cells of `campaign_daily` changed. */
  async recompute(tx: Tx, redemptions: FactKeys, receipts: FactKeys): Promise<number> {
    return tx.execute(RECOMPUTE, [
      redemptions.partnerIds,
      redemptions.ids,
      receipts.partnerIds,
      receipts.ids,
    ]);
  }
}
