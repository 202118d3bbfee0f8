import { asJson, CLERK_CELL, DAILY, differ, each, list, OF_CLERK, OF_RECEIPT, PLACE } from './columns.sql.js';

const FIGURES = [...DAILY, ...OF_RECEIPT];
const ROW = [...PLACE, ...FIGURES];
/** Under `k`, an amount of the receipt's currency. */
const inCampaignCurrency = (amount: string): string =>
  `case when k.is_own or ${amount} = 0 then ${amount} else convert_minor(${amount}, k.numerator, k.denominator) end`;

const NO_RECEIPT = each(OF_RECEIPT, (figure) => `0 as ${figure}`);

/**
 * What follows once `lines` says for each redemption what is stored (`had_…`, all null when nothing is) and what should be
 * (`want_…`): the rows that differ, and the sums of both readings. `$2` is the campaign that is asked for, or null.
 *
 * `sides` reads each line twice. What is stored stands in the cell of the redemption, as a worker takes it, even where the stored row
 * names another one. Where a fact is pending the stored row is not judged, so both readings have it.
 */
const JUDGE = `
  named as (
    insert into differences (relation, key, stored, expected)
    select 'redemption_facts', json_build_object('redemption_id', l.id),
           case when l.had then ${asJson(ROW, 'l.had_')} end,
           case when l.wanted then ${asJson(ROW, 'l.want_')} end
      from lines as l
     where not l.pending and ($2::uuid is null or l.campaign_id = $2)
       and (l.had <> l.wanted or ${differ(ROW, 'l.had_', 'l.want_')})
  ),
  sides as materialized (
    select 'stored' as reading, l.id, ${list(PLACE, 'l.')}, l.clerk, l.receipt_number, l.occurred_at, l.on_receipt,
           ${each(FIGURES, (figure) => `coalesce(l.had_${figure}, 0) as ${figure}`)}
      from lines as l where l.had and ($2::uuid is null or l.campaign_id = $2)
     union all
    select 'expected', l.id, ${list(PLACE, 'l.')}, l.clerk, l.receipt_number, l.occurred_at, l.on_receipt,
           ${each(FIGURES, (figure) => `coalesce(case when l.pending then l.had_${figure} else l.want_${figure} end, 0)`)}
      from lines as l where case when l.pending then l.had else l.wanted end and ($2::uuid is null or l.campaign_id = $2)
  ),
  days as (
    insert into daily_parts (reading, ${list(PLACE)}, ${list(DAILY)})
    select s.reading, ${list(PLACE, 's.')}, ${each(DAILY, (figure) => `sum(s.${figure})`)}
      from sides as s
     group by s.reading, ${list(PLACE, 's.')}
  ),
  clerk_days as (
    insert into clerk_parts (reading, ${list(CLERK_CELL)}, ${list(OF_CLERK)})
    select s.reading, ${list(CLERK_CELL, 's.')}, ${each(OF_CLERK, (figure) => `sum(s.${figure})`)}
      from sides as s
     group by s.reading, ${list(CLERK_CELL, 's.')}
  )`;

/** A receipt counts in each campaign, issuer, offer and placement once: with its earliest redemption there. */
const COUNT_RECEIPTS = `
  ranked as (
    select s.*, grain.name as grain, grain.group_id,
           row_number() over (partition by s.reading, s.channel_id, s.receipt_number, grain.name, grain.group_id
                              order by s.occurred_at, s.id) as place_on_receipt
      from sides as s
      join offers as o on o.id = s.offer_id
     cross join lateral (values ('campaign', s.campaign_id), ('issuer', o.issuer_partner_id), ('offer', s.offer_id),
                                ('placement', s.placement_id)) as grain (name, group_id)
     where s.on_receipt = 1 or s.redemptions = 1
  )
  insert into receipt_parts (reading, campaign_id, grain, group_id, channel_id, day, promo_receipts, ${list(OF_RECEIPT)})
  select k.reading, k.campaign_id, k.grain, k.group_id, k.channel_id, k.day, sum(k.redemptions),
         ${each(OF_RECEIPT, (figure) => `sum(k.${figure})`)}
    from ranked as k
   where k.place_on_receipt = 1
   group by k.reading, k.campaign_id, k.grain, k.group_id, k.channel_id, k.day`;

// weighed:  accepted redemptions on the receipts of the range ($3, $4) to ($5, $6), and what reversals undid of each. One of which
//           reversals undid all that was paid is as if it had never been; where nothing was paid, one reversal is all.
// sales:    what the tills said about each receipt and currency.
// rated:    what was charged. A posted receipt (the first, where there are several) knows better than the tills; it is in the currency
//           of the partner, and is brought to that of the redemption.
// converted: to the currency of the campaign, each figure as a whole; null without the rate of the day.
// wanted:   where part of the price was given back, the cost of the goods goes down by the same part, half a cent up.
export const COMPARE_ACCEPTED = `
  with taken as materialized (
    select r.id, ${list(PLACE, 'r.')}, r.receipt_number, r.occurred_at, r.code_id, r.customer_id, r.currency, r.subtotal,
           r.discount, r.cost_of_goods, r.gift_cost, r.leaked_discount, r.offline, coalesce(r.clerk, '') as clerk
      from redemptions as r
     where r.redeemer_partner_id = $1 and r.status = 'accepted'
       and (r.channel_id, r.receipt_number) > ($3::uuid, $4::text) and (r.channel_id, r.receipt_number) <= ($5::uuid, $6::text)
  ),
  weighed as materialized (
    select t.*, undone.net as undone_net, undone.discount as undone_discount,
           undone.parts = 0 or undone.net < t.subtotal - t.discount as is_live
      from taken as t
     cross join lateral (
       select count(*) as parts, coalesce(sum(a.net_amount), 0) as net, coalesce(sum(a.discount_amount), 0) as discount
         from reversal_applications as a
        where a.redeemer_partner_id = $1 and a.redemption_id = t.id
     ) as undone
  ),
  sales as (
    select w.channel_id, w.receipt_number, w.currency, max(w.subtotal) - sum(w.discount) as told, sum(w.undone_net) as returned,
           max(w.cost_of_goods) as told_cost
      from weighed as w
     where w.is_live
     group by w.channel_id, w.receipt_number, w.currency
  ),
  posted as (
    select s.channel_id, s.receipt_number, first.total, first.cost_of_goods
      from (select distinct s.channel_id, s.receipt_number from sales as s) as s
     cross join lateral (
       select p.total, p.cost_of_goods from receipts as p
        where p.redeemer_partner_id = $1 and p.channel_id = s.channel_id and p.number = s.receipt_number
        order by p.recorded_at, p.id limit 1
     ) as first
  ),
  priced as (
    select s.*, p.total, p.cost_of_goods as posted_cost
      from sales as s
      left join posted as p on p.channel_id = s.channel_id and p.receipt_number = s.receipt_number
  ),
  rated as (
    select w.*, w.currency = campaign.currency as is_own, rate.numerator, rate.denominator, v.returned,
           case when v.total is null then v.told
                when w.currency = till.currency then v.total
                else convert_minor(v.total, rate.numerator, rate.denominator) end as charged,
           coalesce(case when w.currency = till.currency then v.posted_cost
                         else convert_minor(v.posted_cost, rate.numerator, rate.denominator) end, v.told_cost) as cost
      from weighed as w
      join priced as v on v.channel_id = w.channel_id and v.receipt_number = w.receipt_number and v.currency = w.currency
      join campaigns as campaign on campaign.id = w.campaign_id
      join partners as till on till.id = $1
      left join day_rates as rate on rate.base = till.currency and rate.quote = campaign.currency and rate.day = w.day
     where w.is_live
  ),
  kept as (
    select r.*, case when r.charged is not null then greatest(r.charged - r.returned, 0) end as kept from rated as r
  ),
  costed as (
    select k.*, case when k.cost is null then 0
                     when k.charged <= 0 then k.cost
                     else div(k.cost * k.kept, k.charged) + (2 * mod(k.cost * k.kept, k.charged) >= k.charged)::int
                end as goods
      from kept as k
  ),
  converted as (
    select k.*, ${inCampaignCurrency('k.discount - k.undone_discount')} as given, ${inCampaignCurrency('k.kept')} as earned,
           ${inCampaignCurrency('k.goods')} as spent
      from costed as k
  ),
  wanted as (
    select w.id, 1 as redemptions, (c.kind is not distinct from 'coupon')::int as coupon_redemptions,
           (w.customer_id is null)::int as unknown_customers, 0 as refusals, coalesce(w.given, 0) as discount,
           w.gift_cost, w.leaked_discount as leakage, case when w.offline then w.leaked_discount else 0 end as offline_leakage,
           (w.given is null)::int as unconverted, 0 as unconverted_leakage,
           case when lacks.rate then 0 else w.earned end as revenue,
           case when lacks.rate or w.cost is null then 0 else w.earned end as costed_revenue,
           case when lacks.rate then 0 else w.spent end as cost_of_goods, lacks.rate::int as unconverted_receipts
      from converted as w
     cross join lateral (select w.earned is null or w.spent is null as rate) as lacks
      left join lateral (
        select code.kind from codes as code where code.redeemer_partner_id = $1 and code.id = w.code_id offset 0
      ) as c on true
  ),
  lines as materialized (
    select w.id, ${list(PLACE, 'w.')}, w.clerk, w.receipt_number, w.occurred_at,
           count(*) over (partition by w.channel_id, w.receipt_number) as on_receipt,
           waiting.channel_id is not null as pending,
           f.redemption_id is not null as had, ${each(ROW, (column) => `f.${column} as had_${column}`)},
           e.id is not null as wanted, ${each(PLACE, (column) => `case when e.id is not null then w.${column} end as want_${column}`)},
           ${each(FIGURES, (figure) => `e.${figure} as want_${figure}`)}
      from weighed as w
      left join wanted as e on e.id = w.id
      left join lateral (
        select held.* from redemption_facts as held where held.redeemer_partner_id = $1 and held.redemption_id = w.id offset 0
      ) as f on true
      left join pending_receipts as waiting on waiting.channel_id = w.channel_id and waiting.receipt_number = w.receipt_number
  ),
  ${JUDGE},
  ${COUNT_RECEIPTS}`;

/** Refused attempts with a code of a campaign. */
export const COMPARE_REFUSED = `
  with wanted as (
    select r.id, ${list(PLACE, 'r.')}, coalesce(r.clerk, '') as clerk, r.receipt_number, r.occurred_at, 0 as redemptions, 0 as coupon_redemptions,
           0 as unknown_customers, 1 as refusals, 0 as discount, 0 as gift_cost, coalesce(told.leakage, 0) as leakage,
           case when r.offline then coalesce(told.leakage, 0) else 0 end as offline_leakage,
           0 as unconverted, (told.leakage is null)::int as unconverted_leakage, ${NO_RECEIPT}
      from redemptions as r
      join campaigns as campaign on campaign.id = r.campaign_id
      join partners as till on till.id = $1
      left join day_rates as rate
        on r.currency = till.currency and rate.base = till.currency and rate.quote = campaign.currency and rate.day = r.day
     cross join lateral (
       select case when r.currency = campaign.currency or r.leaked_discount = 0 then r.leaked_discount
                   else convert_minor(r.leaked_discount, rate.numerator, rate.denominator) end as leakage
     ) as told
     where r.redeemer_partner_id = $1 and r.status = 'refused' and num_nulls(${list(PLACE, 'r.')}) = 0
  ),
  lines as materialized (
    select w.id, ${list(PLACE, 'w.')}, w.clerk, w.receipt_number, w.occurred_at, 0 as on_receipt, waiting.id is not null as pending,
           f.redemption_id is not null as had, ${each(ROW, (column) => `f.${column} as had_${column}`)},
           true as wanted, ${each(ROW, (column) => `w.${column} as want_${column}`)}
      from wanted as w
      left join lateral (
        select held.* from redemption_facts as held where held.redeemer_partner_id = $1 and held.redemption_id = w.id offset 0
      ) as f on true
      left join pending_redemptions as waiting on waiting.id = w.id
  ),
  ${JUDGE}
  select`;

/** Contributions of nothing: no rollup was ever given them by a worker, and no worker would look at them. */
export const FIND_STRAY_FACTS = `
  insert into differences (relation, key, stored)
  select 'redemption_facts', json_build_object('redemption_id', f.redemption_id), ${asJson(ROW, 'f.')}
    from redemption_facts as f
   where f.redeemer_partner_id = $1 and ($2::uuid is null or f.campaign_id = $2)
     and not exists (select from redemptions as r
                      where r.redeemer_partner_id = $1 and r.id = f.redemption_id
                        and (r.status = 'accepted' or num_nulls(${list(PLACE, 'r.')}) = 0))`;
