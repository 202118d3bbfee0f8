import { asJson, each } from './columns.sql.js';

const KEY = ['customer_id', 'campaign_id', 'issuer_partner_id'];

// wanted: the customers after $3 up to $4 of each issuer, once, on the day on which they first came with a code of that partner.
export const COMPARE_PAIRS = `
  with wanted as (
    select distinct on (r.customer_id, r.campaign_id, o.issuer_partner_id)
           r.customer_id, r.campaign_id, o.issuer_partner_id, r.day, 1 as customers
      from redemptions as r
      join offers as o on o.id = r.offer_id
     cross join lateral (
       select count(*) as parts, sum(a.net_amount) as net from reversal_applications as a
        where a.redeemer_partner_id = $1 and a.redemption_id = r.id
     ) as undone
     where r.redeemer_partner_id = $1 and r.status = 'accepted' and r.customer_id > $3 and r.customer_id <= $4
       and (undone.parts = 0 or undone.net < r.subtotal - r.discount)
     order by r.customer_id, r.campaign_id, o.issuer_partner_id, r.occurred_at, r.id
  ),
  had as (
    select c.* from pair_customers as c
     where c.redeemer_partner_id = $1 and c.customer_id > $3 and c.customer_id <= $4
  ),
  lines as materialized (
    select ${each(KEY, (column) => `coalesce(h.${column}, w.${column}) as ${column}`)}, waiting.customer_id is not null as pending,
           h.day as had_day, h.customers as had_customers, w.day as want_day, w.customers as want_customers
      from had as h
      full join wanted as w on ${KEY.map((column) => `w.${column} = h.${column}`).join(' and ')}
      left join pending_customers as waiting on waiting.customer_id = coalesce(h.customer_id, w.customer_id)
     where $2::uuid is null or coalesce(h.campaign_id, w.campaign_id) = $2
  ),
  named as (
    insert into differences (relation, key, stored, expected)
    select 'pair_customers', ${asJson(KEY, 'l.')},
           case when l.had_customers is not null then ${asJson(['day', 'customers'], 'l.had_')} end,
           case when l.want_customers is not null then ${asJson(['day', 'customers'], 'l.want_')} end
      from lines as l
     where not l.pending and (l.had_day, l.had_customers) is distinct from (l.want_day, l.want_customers)
  ),
  sides as (
    select 'stored' as reading, l.campaign_id, l.issuer_partner_id, l.had_day as day, l.had_customers as customers
      from lines as l where l.had_customers is not null
     union all
    select 'expected', l.campaign_id, l.issuer_partner_id, case when l.pending then l.had_day else l.want_day end,
           case when l.pending then l.had_customers else l.want_customers end
      from lines as l where case when l.pending then l.had_customers else l.want_customers end is not null
  )
  insert into pair_parts (reading, campaign_id, issuer_partner_id, day, customers)
  select s.reading, s.campaign_id, s.issuer_partner_id, s.day, sum(s.customers)
    from sides as s
   group by s.reading, s.campaign_id, s.issuer_partner_id, s.day`;
