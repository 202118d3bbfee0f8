import { asJson, CUSTOMER, differ, each, list, PLACE } from './columns.sql.js';

const KEY = ['customer_id', 'campaign_id'];
const ROW = [...PLACE.filter((column) => !KEY.includes(column)), ...CUSTOMER];

// live:   redemptions that count of the customers after $3 up to $4.
// firsts: where each of them came into each campaign.
// visits: when they were at the redeemer at all, on which receipt.
// Days are 24 hours here: the windows are about instants.
export const COMPARE_CUSTOMERS = `
  with live as materialized (
    select r.customer_id, r.id, ${list(PLACE, 'r.')}, r.receipt_number, r.occurred_at, r.terms_version, r.customer_status
      from redemptions as r
     cross join lateral (
       select count(*) as parts, sum(a.net_amount) as net from reversal_applications as a
        where a.redeemer_partner_id = $1 and a.redemption_id = r.id
     ) as undone
     where r.redeemer_partner_id = $1 and r.status = 'accepted' and r.customer_id > $3 and r.customer_id <= $4
       and (undone.parts = 0 or undone.net < r.subtotal - r.discount)
  ),
  firsts as (
    select ranked.* from (
      select l.*, row_number() over (partition by l.customer_id, l.campaign_id order by l.occurred_at, l.id) as rank from live as l
    ) as ranked
     where ranked.rank = 1
  ),
  visits as (
    select l.customer_id, l.channel_id, l.receipt_number, l.occurred_at from live as l
     union all
    select p.customer_id, p.channel_id, p.number, p.occurred_at
      from (select distinct l.customer_id from live as l) as known
     cross join lateral (
       select sold.* from receipts as sold where sold.redeemer_partner_id = $1 and sold.customer_id = known.customer_id offset 0
     ) as p
  ),
  latest as (
    select f.id, t.returning_after_days, f.occurred_at,
           max(v.occurred_at) filter (
             where v.occurred_at < f.occurred_at
               and v.occurred_at >= f.occurred_at - make_interval(hours => 24 * t.new_customer_lookback_days)
               and not (v.channel_id = f.channel_id and v.receipt_number = f.receipt_number)) as visit
      from firsts as f
      join campaign_terms as t on t.campaign_id = f.campaign_id and t.version = f.terms_version
      join visits as v on v.customer_id = f.customer_id
     group by f.id, f.occurred_at, t.returning_after_days
  ),
  wanted as (
    select f.customer_id, ${list(PLACE, 'f.')},
           case when l.visit is null then 1 else 0 end as new_customers,
           case when l.visit is null then 0 else 1 end as returning_customers,
           case when l.occurred_at - l.visit >= make_interval(hours => 24 * l.returning_after_days) then 1 else 0 end
             as returning_after_absence,
           case f.customer_status when 'new' then 1 else 0 end as claimed_new,
           case f.customer_status when 'returning' then 1 else 0 end as claimed_returning
      from firsts as f
      join latest as l on l.id = f.id
  ),
  had as (
    select c.* from campaign_customers as c
     where c.redeemer_partner_id = $1 and c.customer_id > $3 and c.customer_id <= $4
  ),
  lines as materialized (
    select ${each(KEY, (column) => `coalesce(h.${column}, w.${column}) as ${column}`)}, waiting.customer_id is not null as pending,
           h.customer_id is not null as had, ${each(ROW, (column) => `h.${column} as had_${column}`)},
           w.customer_id is not null as wanted, ${each(ROW, (column) => `w.${column} as want_${column}`)}
      from had as h
      full join wanted as w on w.customer_id = h.customer_id and w.campaign_id = h.campaign_id
      left join pending_customers as waiting on waiting.customer_id = coalesce(h.customer_id, w.customer_id)
     where $2::uuid is null or coalesce(h.campaign_id, w.campaign_id) = $2
  ),
  named as (
    insert into differences (relation, key, stored, expected)
    select 'campaign_customers', ${asJson(KEY, 'l.')},
           case when l.had then ${asJson(ROW, 'l.had_')} end, case when l.wanted then ${asJson(ROW, 'l.want_')} end
      from lines as l
     where not l.pending and (l.had <> l.wanted or ${differ(ROW, 'l.had_', 'l.want_')})
  ),
  sides as (
    select 'stored' as reading, l.campaign_id, ${list(ROW, 'l.had_')} from lines as l where l.had
     union all
    select 'expected', l.campaign_id, ${each(ROW, (column) => `case when l.pending then l.had_${column} else l.want_${column} end`)}
      from lines as l where case when l.pending then l.had else l.wanted end
  )
  insert into daily_parts (reading, campaign_id, ${list(ROW)})
  select s.reading, s.campaign_id, ${list(ROW.slice(0, PLACE.length - 1), 's.')}, ${each(CUSTOMER, (figure) => `sum(s.${figure})`)}
    from (select * from sides) as s (reading, campaign_id, ${list(ROW)})
   group by s.reading, s.campaign_id, ${list(ROW.slice(0, PLACE.length - 1), 's.')}`;
