import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { replaceContributions } from './contribution.sql.js';
import type { FactKeys } from './domain/merge-refs.js';
import { isLive } from './live-redemption.sql.js';

// used:    what the tills reported with the codes, in any campaign. A redemption that was fully reversed, in one step or in
//          several, is as if it had never been: its partial reversals do not count either.
//          Discounts and returns of other currencies are left out rather than subtracted unconverted.
// valued:  the receipt's figures stand on each of its redemptions. `posted` is what was charged, where the receipt itself
//          was posted (twice under two external ids: the first counts). Receipts are in the currency of the partner: where
//          the redemption is in another, they say nothing about it.
// grains:  a receipt counts once in each campaign, offer and placement that has a redemption on it. Where a part of the price
//          was given back, that part of the goods came back too, rounded to the cent: otherwise a return would cost the
//          margin of what was kept.
const RECOMPUTE = replaceContributions(
  {
    table: 'promo_receipts',
    key: ['redeemer_partner_id', 'campaign_id', 'grain', 'group_id', 'channel_id', 'receipt_number'],
    rollup: 'campaign_receipts_daily',
    cell: ['redeemer_partner_id', 'campaign_id', 'grain', 'group_id', 'channel_id', 'day'],
    figures: ['promo_receipts', 'revenue', 'costed_revenue', 'cost_of_goods'],
  },
  `
    touched as (
      select r.redeemer_partner_id, r.channel_id, r.receipt_number
        from unnest($1::uuid[], $2::uuid[]) as ref (partner_id, id)
        join redemptions as r on r.redeemer_partner_id = ref.partner_id and r.id = ref.id
       where r.status = 'accepted'
       union
      select p.redeemer_partner_id, p.channel_id, p.number
        from unnest($3::uuid[], $4::uuid[]) as ref (partner_id, id)
        join receipts as p on p.redeemer_partner_id = ref.partner_id and p.id = ref.id
    ),
    used as materialized (
      select r.*, ${isLive('r')} as live
        from touched
        join redemptions as r
          on r.redeemer_partner_id = touched.redeemer_partner_id and r.channel_id = touched.channel_id
         and r.receipt_number = touched.receipt_number
       where r.status = 'accepted'
    ),
    summed as (
      select used.*,
             max(used.subtotal) filter (where used.live) over receipt
               - sum(used.discount) filter (where used.live) over receipt as net,
             sum(part.net_amount) filter (where used.live) over receipt as returned,
             max(used.cost_of_goods) filter (where used.live) over receipt as reported_cost
        from used
       cross join lateral (
         select coalesce(sum(undo.net_amount), 0) as net_amount
           from reversal_applications as undo
          where undo.redeemer_partner_id = used.redeemer_partner_id and undo.redemption_id = used.id
       ) as part
      window receipt as (
        partition by used.redeemer_partner_id, used.channel_id, used.receipt_number, used.currency
      )
    ),
    valued as (
      select summed.*, coalesce(posted.total, summed.net) as charged,
             greatest(coalesce(posted.total, summed.net) - summed.returned, 0)::bigint as revenue,
             coalesce(posted.cost_of_goods, summed.reported_cost) as known_cost
        from summed
        left join lateral (
          select p.total, p.cost_of_goods
            from receipts as p
            join partners as till on till.id = p.redeemer_partner_id and till.currency = summed.currency
           where p.redeemer_partner_id = summed.redeemer_partner_id and p.channel_id = summed.channel_id
             and p.number = summed.receipt_number
           order by p.recorded_at, p.id
           limit 1
        ) as posted on true
    ),
    grains as materialized (
      select valued.*, grain.grain, grain.group_id,
             case when valued.returned = 0 or valued.charged <= 0 then coalesce(valued.known_cost, 0)
                  else div(2 * coalesce(valued.known_cost, 0)::numeric * valued.revenue + valued.charged, 2 * valued.charged)
             end::bigint as cost_left
        from valued
       cross join lateral (
         values ('campaign', valued.campaign_id), ('offer', valued.offer_id), ('placement', valued.placement_id)
       ) as grain (grain, group_id)
    ),
    before as (
      select held.*
        from (
          select distinct g.redeemer_partner_id, g.campaign_id, g.grain, g.group_id, g.channel_id, g.receipt_number
            from grains as g
        ) as wanted
        join promo_receipts as held
          on held.redeemer_partner_id = wanted.redeemer_partner_id and held.campaign_id = wanted.campaign_id
         and held.grain = wanted.grain and held.group_id = wanted.group_id
         and held.channel_id = wanted.channel_id and held.receipt_number = wanted.receipt_number
    ),
    fresh as (
      select distinct on (g.redeemer_partner_id, g.campaign_id, g.grain, g.group_id, g.channel_id, g.receipt_number)
             g.redeemer_partner_id, g.campaign_id, g.grain, g.group_id, g.channel_id, g.receipt_number, g.day,
             1 as promo_receipts, g.revenue,
             case when g.known_cost is null then 0 else g.revenue end as costed_revenue,
             g.cost_left as cost_of_goods
        from grains as g
       where g.live
       order by g.redeemer_partner_id, g.campaign_id, g.grain, g.group_id, g.channel_id, g.receipt_number,
                g.occurred_at, g.id
    )`,
);

/** What each receipt adds to the promo receipts and the revenue of the campaigns that have a redemption on it. */
@Injectable()
export class PromoReceiptsRepository {
  /** Brings the receipts of the touched facts up to date; answers how many cells of `campaign_receipts_daily` changed. */
  async recompute(tx: Tx, redemptions: FactKeys, receipts: FactKeys): Promise<number> {
    return tx.execute(RECOMPUTE, [
      redemptions.partnerIds,
      redemptions.ids,
      receipts.partnerIds,
      receipts.ids,
    ]);
  }
}
