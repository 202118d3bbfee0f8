import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { replaceContributions } from './contribution.sql.js';
import type { FactKeys } from './domain/merge-refs.js';
import { isLive } from './live-redemption.sql.js';

// An attempt with an unknown code belongs to no campaign and has no cell. A fully reversed redemption adds nothing.
// The discounts of partial reversals are taken off; a gift is not given back in parts.
const RECOMPUTE = replaceContributions(
  {
    table: 'redemption_facts',
    key: ['redeemer_partner_id', 'redemption_id'],
    rollup: 'campaign_daily',
    cell: ['redeemer_partner_id', 'campaign_id', 'offer_id', 'placement_id', 'channel_id', 'day'],
    figures: [
      'redemptions',
      'coupon_redemptions',
      'unknown_customers',
      'refusals',
      'discount',
      'gift_cost',
      'leakage',
      'offline_leakage',
    ],
  },
  `
    touched as (
      select distinct ref.partner_id, ref.id
        from unnest($1::uuid[], $2::uuid[]) as ref (partner_id, id)
    ),
    before as (
      select held.*
        from touched
        join redemption_facts as held
          on held.redeemer_partner_id = touched.partner_id and held.redemption_id = touched.id
    ),
    judged as materialized (
      select r.*, r.status = 'accepted' and ${isLive('r')} as live
        from touched
        join redemptions as r on r.redeemer_partner_id = touched.partner_id and r.id = touched.id
       where r.campaign_id is not null and r.offer_id is not null and r.placement_id is not null and r.day is not null
    ),
    fresh as (
      select r.redeemer_partner_id, r.id as redemption_id, r.campaign_id, r.offer_id, r.placement_id, r.channel_id, r.day,
             r.live::int as redemptions,
             (r.live and c.kind is not distinct from 'coupon')::int as coupon_redemptions,
             (r.live and r.customer_id is null)::int as unknown_customers,
             (r.status = 'refused')::int as refusals,
             case when r.live then r.discount - undone.discount else 0 end as discount,
             case when r.live then r.gift_cost else 0 end as gift_cost,
             r.leaked_discount as leakage,
             case when r.offline then r.leaked_discount else 0 end as offline_leakage
        from judged as r
        left join codes as c on c.redeemer_partner_id = r.redeemer_partner_id and c.id = r.code_id
       cross join lateral (
         select coalesce(sum(part.discount_amount), 0)::bigint as discount
           from reversal_applications as part
          where part.redeemer_partner_id = r.redeemer_partner_id and part.redemption_id = r.id
       ) as undone
       where r.live or r.status = 'refused'
    )`,
);

/** What each redemption by itself adds to the day of its campaign. */
@Injectable()
export class RedemptionFactsRepository {
  /** Brings the touched redemptions up to date; answers how many cells of `campaign_daily` changed. */
  async recompute(tx: Tx, redemptions: FactKeys): Promise<number> {
    return tx.execute(RECOMPUTE, [redemptions.partnerIds, redemptions.ids]);
  }
}
