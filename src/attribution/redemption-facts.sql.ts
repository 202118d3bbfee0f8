import { type Contribution, heldColumns, list, moveRollup, writeContributions } from './contribution.sql.js';

const DAILY = [
  'redemptions',
  'coupon_redemptions',
  'unknown_customers',
  'refusals',
  'discount',
  'gift_cost',
  'leakage',
  'offline_leakage',
  'unconverted',
  'unconverted_leakage',
];
const OF_RECEIPT = ['revenue', 'costed_revenue', 'cost_of_goods', 'unconverted_receipts'];
const OF_CLERK = ['redemptions', 'refusals', 'discount', 'leakage'];
const PLACE = ['campaign_id', 'offer_id', 'placement_id', 'channel_id', 'day'];

const CONTRIBUTION: Contribution = {
  table: 'redemption_facts',
  key: ['redeemer_partner_id', 'redemption_id'],
  cell: PLACE,
  figures: [...DAILY, ...OF_RECEIPT],
};

const COLUMNS = [
  ...['id', 'status', ...PLACE, 'receipt_number', 'currency', 'occurred_at', 'customer_id', 'code_id'],
  ...['subtotal', 'discount', 'cost_of_goods', 'gift_cost', 'leaked_discount', 'offline', 'clerk'],
];

/** By how much a figure of the contribution grows. */
const growth = (figure: string): string => `(f.${figure} - coalesce(f.held_${figure}, 0))`;

/** An amount of the redemption's currency in the campaign's, each fact rounded once; null while there is no rate. */
const converted = (amount: string): string =>
  `case when v.is_own_currency or ${amount} = 0 then ${amount}
        else convert_minor(${amount}, v.numerator, v.denominator)::bigint end`;

const GRAINS = `(values ('campaign', part.campaign_id), ('offer', part.offer_id), ('placement', part.placement_id),
                       ('issuer', (select o.issuer_partner_id from offers as o where o.id = part.offer_id)))
                as grain (name, group_id)`;

// touched: the receipts to look at; every redemption on them is, in any campaign, since they share its figures.
//          A refusal is on no receipt, and an attempt with an unknown code belongs to no campaign and has no cell.
// known:   what was reversed of each redemption. One that was reversed fully, in one step or in several, is as if it had never
//          been: it adds nothing, and its partial reversals do not count either. A gift is not given back in parts.
//          A till counts in the campaign's currency or in the partner's own, so there is one rate that a redemption may need:
//          from the partner's to the campaign's on its day. Campaigns in the partner's currency do not look for one.
// summed:  what the tills reported with the codes. Where they counted in two currencies on one receipt, each sees its own.
// valued:  the receipt's figures stand on each of its redemptions, in the currency of the redemption. `posted` is what was charged,
//          where the receipt itself was posted (twice under two external ids: the first counts). It is in the partner's currency;
//          without the rate that brings it to the redemption's nothing is known of the receipt.
// fresh:   each figure is converted as a whole, so that what is left of a redemption is converted and not what was given back: a full
//          reversal leaves nothing at any rate. What has no rate adds 0 and is counted as unconverted. Where a part of the price
//          was given back, that part of the goods came back too, rounded to the cent: otherwise a return would cost the margin of what
//          was kept.
// cells:   figures of receipts that have a single code are added up here, all others in `shared`.
// shared:  a receipt counts once in each campaign, issuer, offer and placement that has a redemption on it, on the day of the earliest.
//          `side` is what it is to count for now, and, subtracted, what it counted for until now.
export const RECOMPUTE_REDEMPTIONS = `
  with named as materialized (
    select r.id, r.status, r.channel_id, r.receipt_number
      from redemptions as r
     where r.redeemer_partner_id = $1 and r.id = any($2::uuid[])
  ),
  touched as (
    select named.channel_id, named.receipt_number from named where named.status = 'accepted'
     union
    select p.channel_id, p.number from receipts as p where p.redeemer_partner_id = $1 and p.id = any($3::uuid[])
  ),
  judged as (
    select ${list(COLUMNS, 'r.')}
      from touched
     cross join lateral (
       select ${list(COLUMNS, 'on_it.')}
         from redemptions as on_it
        where on_it.redeemer_partner_id = $1 and on_it.channel_id = touched.channel_id
          and on_it.receipt_number = touched.receipt_number and on_it.status = 'accepted'
       offset 0
     ) as r
     union all
    select ${list(COLUMNS, 'r.')}
      from named
      join redemptions as r on r.redeemer_partner_id = $1 and r.id = named.id
     where named.status = 'refused'
       and r.campaign_id is not null and r.offer_id is not null and r.placement_id is not null and r.day is not null
  ),
  known as (
    select j.*, j.currency = campaign.currency as is_own_currency, j.currency <> till.currency as is_foreign_to_till,
           rate.numerator, rate.denominator, code.kind as code_kind, undone.net as undone_net, undone.discount as undone_discount,
           j.status = 'accepted' and not undone.completes as live, ${heldColumns(CONTRIBUTION, 'before')}
      from judged as j
     cross join (select p.currency from partners as p where p.id = $1) as till
     cross join lateral (
       select c.currency from campaigns as c where c.id = j.campaign_id offset 0
     ) as campaign
      left join lateral (
        select d.numerator, d.denominator
          from day_rates as d
         where till.currency <> campaign.currency
           and d.base = till.currency and d.quote = campaign.currency and d.day = j.day
        offset 0
      ) as rate on true
      left join lateral (
        select c.kind from codes as c where c.redeemer_partner_id = $1 and c.id = j.code_id offset 0
      ) as code on true
      left join lateral (
        select f.* from redemption_facts as f where f.redeemer_partner_id = $1 and f.redemption_id = j.id offset 0
      ) as before on true
     cross join lateral (
       select coalesce(sum(part.net_amount), 0)::bigint as net, coalesce(sum(part.discount_amount), 0)::bigint as discount,
              coalesce(bool_or(part.completes), false) as completes
         from reversal_applications as part
        where part.redeemer_partner_id = $1 and part.redemption_id = j.id
     ) as undone
  ),
  summed as (
    select k.*,
           max(k.subtotal) filter (where k.live) over money - sum(k.discount) filter (where k.live) over money as net,
           coalesce(sum(k.undone_net) filter (where k.live) over money, 0) as returned,
           max(k.cost_of_goods) filter (where k.live) over money as reported_cost,
           count(*) over receipt as on_receipt
      from known as k
    window money as (partition by k.channel_id, k.receipt_number, k.status, k.currency),
           receipt as (partition by k.channel_id, k.receipt_number, k.status)
  ),
  valued as (
    select s.*, receipt.charged,
           case when receipt.charged > s.returned then receipt.charged - s.returned
                when receipt.charged is not null then 0 end::bigint as charged_in_the_end,
           coalesce(receipt.cost_of_goods, s.reported_cost) as known_cost
      from summed as s
      left join lateral (
        select true as found, p.total, p.cost_of_goods
          from receipts as p
         where p.redeemer_partner_id = $1 and p.channel_id = s.channel_id and p.number = s.receipt_number and s.live
         order by p.recorded_at, p.id
         limit 1
      ) as posted on true
     cross join lateral (
       select case when posted.found is null then s.net
                   when s.is_foreign_to_till then convert_minor(posted.total, s.numerator, s.denominator)
                   else posted.total end as charged,
              case when s.is_foreign_to_till then convert_minor(posted.cost_of_goods, s.numerator, s.denominator)
                   else posted.cost_of_goods end as cost_of_goods
     ) as receipt
  ),
  priced as (
    select v.*, v.discount - v.undone_discount as discount_left,
           case when v.known_cost is null then 0
                when v.returned = 0 or v.charged <= 0 then v.known_cost
                else div(2 * v.known_cost::numeric * v.charged_in_the_end + v.charged, 2 * v.charged)::bigint
           end as cost_left
      from valued as v
  ),
  converted as (
    select v.*, ${converted('v.discount_left')} as discount_told, ${converted('v.leaked_discount')} as leakage_told,
           ${converted('v.charged_in_the_end')} as revenue_told, ${converted('v.cost_left')} as cost_told
      from priced as v
  ),
  told as (
    select v.*, v.revenue_told is not null and v.cost_told is not null as is_told from converted as v
  ),
  fresh as materialized (
    select $1::uuid as redeemer_partner_id, v.id as redemption_id, ${list(PLACE, 'v.')},
           v.live or v.status = 'refused' as counts,
           v.live::int as redemptions,
           (v.live and v.code_kind is not distinct from 'coupon')::int as coupon_redemptions,
           (v.live and v.customer_id is null)::int as unknown_customers,
           (v.status = 'refused')::int as refusals,
           case when v.live then coalesce(v.discount_told, 0) else 0 end as discount,
           case when v.live then v.gift_cost else 0 end as gift_cost,
           coalesce(v.leakage_told, 0) as leakage,
           case when v.offline then coalesce(v.leakage_told, 0) else 0 end as offline_leakage,
           (v.live and v.discount_told is null)::int as unconverted,
           (v.leakage_told is null)::int as unconverted_leakage,
           case when v.live and v.is_told then v.revenue_told else 0 end as revenue,
           case when v.live and v.is_told and v.known_cost is not null then v.revenue_told else 0 end as costed_revenue,
           case when v.live and v.is_told then v.cost_told else 0 end as cost_of_goods,
           (v.live and not v.is_told)::int as unconverted_receipts,
           v.receipt_number, v.status, v.occurred_at, v.on_receipt, coalesce(v.clerk, '') as clerk,
           v.held, ${list([...PLACE, ...CONTRIBUTION.figures], 'v.held_')}
      from told as v
  ),
  ${writeContributions(CONTRIBUTION)},
  cells as materialized (
    select f.redeemer_partner_id, ${list(PLACE, 'f.')},
           ${DAILY.map((figure) => `sum(${growth(figure)}) as ${figure}`).join(', ')},
           sum(${growth('redemptions')}) filter (where f.on_receipt = 1) as promo_receipts,
           ${OF_RECEIPT.map((figure) => `sum(${growth(figure)}) filter (where f.on_receipt = 1) as ${figure}`).join(', ')}
      from fresh as f
     group by f.redeemer_partner_id, ${list(PLACE, 'f.')}
  ),
  shared as (
    select distinct on (part.channel_id, part.receipt_number, side.sign, grain.name, grain.group_id)
           part.redeemer_partner_id, part.campaign_id, grain.name as grain, grain.group_id, part.channel_id, part.day,
           side.sign as promo_receipts, ${OF_RECEIPT.map((figure) => `side.sign * side.${figure} as ${figure}`).join(', ')}
      from fresh as part
     cross join lateral ${GRAINS}
     cross join lateral (
       values (1, part.redemptions, ${list(OF_RECEIPT, 'part.')}),
              (-1, part.held_redemptions, ${list(OF_RECEIPT, 'part.held_')})
     ) as side (sign, counts, ${list(OF_RECEIPT)})
     where part.on_receipt > 1 and part.status = 'accepted' and side.counts = 1
     order by part.channel_id, part.receipt_number, side.sign, grain.name, grain.group_id,
              part.occurred_at, part.redemption_id
  ),
  days as (
    ${moveRollup('campaign_daily', ['redeemer_partner_id', ...PLACE], DAILY, 'cells')}
  ),
  receipt_days as (
    ${moveRollup(
      'campaign_receipts_daily',
      ['redeemer_partner_id', 'campaign_id', 'grain', 'group_id', 'channel_id', 'day'],
      ['promo_receipts', ...OF_RECEIPT],
      `(
        select part.redeemer_partner_id, part.campaign_id, grain.name as grain, grain.group_id, part.channel_id, part.day,
               part.promo_receipts, ${list(OF_RECEIPT, 'part.')}
          from cells as part
         cross join lateral ${GRAINS}
         where part.promo_receipts is not null
         union all
        select * from shared
      )`,
    )}
  ),
  clerk_days as (
    ${moveRollup(
      'campaign_clerks_daily',
      ['redeemer_partner_id', 'campaign_id', 'channel_id', 'clerk', 'day'],
      OF_CLERK,
      `(
        select f.redeemer_partner_id, f.campaign_id, f.channel_id, f.clerk, f.day,
               ${OF_CLERK.map((figure) => `${growth(figure)} as ${figure}`).join(', ')}
          from fresh as f
      )`,
    )}
  )
  select (select count(*) from days)::int + (select count(*) from receipt_days)::int
         + (select count(*) from clerk_days)::int as changed`;
