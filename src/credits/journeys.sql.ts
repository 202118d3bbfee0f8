// $1 campaign, $2 and $3 local days [from, to), $4 the party of each placement, as JSON: {"<id>": 0}, $5 time zone of the campaign,
// $6 how many days back touches count without a redemption that says under which terms.
const isAsked = (day: string): string => `${day} >= $2::date and ${day} < $3::date`;
/** A look-up in JSON is as fast for a thousand placements as for ten; a join inside a lateral may go through them all, each time. */
const partyOf = (placement: string): string => `($4::jsonb -> ${placement}::text)::integer`;

/** The condition that a touch, under the alias given, is of the same customer as `of`. Null where either is unknown. */
const isSameCustomer = (touch: string, of: string): string =>
  `${touch}.redeemer_partner_id = ${of}.redeemer_partner_id and ${touch}.campaign_id = $1 and ${touch}.match_id = ${of}.match_id`;

/** All touches of a customer: what was posted or clicked, and the coupons that were issued. `when` bounds an instant. */
const touchesOfCustomer = (of: string, when: (instant: string) => string): string => `
  select t.id, t.placement_id, t.occurred_at
    from touches as t
   where ${isSameCustomer('t', of)} and ${when('t.occurred_at')}
   union all
  select i.id, i.placement_id, i.issued_at
    from issuances as i
   where ${isSameCustomer('i', of)} and ${when('i.issued_at')}`;

const counts = (redemption: string): string => `
  join redemption_facts as fact
    on fact.redeemer_partner_id = ${redemption}.redeemer_partner_id and fact.redemption_id = ${redemption}.id and fact.redemptions = 1`;

// counting: the redemptions that still count, as the report counts them: from the same contributions, so that both agree at any time.
// valued:   the revenue of a receipt belongs to the day of the first redemption on it, as in the report, and is shared equally among
//           those that are asked for; cents that are left go to the first of them. The sum is the report's revenue to the cent.
// before:   what the customer touched until then. A click that the till named and the issuance of the redeemed code count also where
//           nobody knows the customer; where somebody does, they are among the customer's touches already.
// The code proves a contact with its placement. Where no touch says when, it is the last, at the moment of the redemption.
const CONVERTING = `
  select ${partyOf('v.placement_id')} as owner, 1 as conversions, 0 as nulls, v.value,
         concat_ws(',', before.path, case when before.has_own then null else ${partyOf('v.placement_id')} end) as path,
         concat_ws(',', before.ages, case when before.has_own then null else 0 end) as ages
    from (
      select c.*, case when ${isAsked('c.receipt_day')}
                       then c.receipt_revenue / c.sharers + (c.place <= c.receipt_revenue % c.sharers)::integer
                       else 0 end as value
        from (
          select counting.*, first_value(counting.day) over receipt as receipt_day,
                 first_value(counting.revenue) over receipt as receipt_revenue,
                 count(*) filter (where ${isAsked('counting.day')}) over (receipt rows between unbounded preceding and unbounded following)
                   as sharers,
                 count(*) filter (where ${isAsked('counting.day')}) over receipt as place
            from (
              select r.redeemer_partner_id, r.id, r.match_id, r.click_id, r.code_id, r.placement_id, r.channel_id, r.receipt_number,
                     r.occurred_at, r.occurred_at - terms.attribution_lookback_days * interval '24 hours' as since,
                     fact.day, fact.revenue
                from redemptions as r
                ${counts('r')}
                join campaign_terms as terms on terms.campaign_id = r.campaign_id and terms.version = r.terms_version
               where r.campaign_id = $1
            ) as counting
          window receipt as (
            partition by counting.redeemer_partner_id, counting.channel_id, counting.receipt_number
                order by counting.occurred_at, counting.id
          )
        ) as c
       where ${isAsked('c.day')}
    ) as v
   cross join lateral (
     select string_agg(${partyOf('touch.placement_id')}::text, ',' order by touch.occurred_at, touch.id) as path,
            string_agg(floor(date_part('epoch', v.occurred_at - touch.occurred_at))::bigint::text, ','
                       order by touch.occurred_at, touch.id) as ages,
            coalesce(bool_or(touch.placement_id = v.placement_id), false) as has_own
       from (
         ${touchesOfCustomer('v', (instant) => `${instant} >= v.since and ${instant} <= v.occurred_at`)}
          union all
         select t.id, t.placement_id, t.occurred_at
           from touches as t
          where t.redeemer_partner_id = v.redeemer_partner_id and t.campaign_id = $1 and t.id = v.click_id
            and (t.match_id = v.match_id) is not true and t.occurred_at >= v.since and t.occurred_at <= v.occurred_at
          union all
         select i.id, i.placement_id, i.issued_at
           from issuances as i
          where i.redeemer_partner_id = v.redeemer_partner_id and i.code_id = v.code_id
            and (i.match_id = v.match_id) is not true and i.issued_at >= v.since and i.issued_at <= v.occurred_at
       ) as touch
   ) as before`;

// A customer who touched something and redeemed nothing after it, as far as is known now. The journey is of the day of its last touch,
// and goes back from there to the last redemption that counts, or as far as touches count.
const NOT_CONVERTING = `
  select null::integer as owner, 0 as conversions, 1 as nulls, 0 as value, since.path, null as ages
    from (
      select t.redeemer_partner_id, t.match_id
        from touches as t
       where t.campaign_id = $1 and t.match_id is not null
         and t.redeemer_partner_id in (select o.redeemer_partner_id from offers as o where o.campaign_id = $1)
       union
      select i.redeemer_partner_id, i.match_id
        from issuances as i
       where i.campaign_id = $1 and i.match_id is not null
         and i.redeemer_partner_id in (select o.redeemer_partner_id from offers as o where o.campaign_id = $1)
    ) as customer
   cross join lateral (
     select coalesce(max(r.occurred_at), '-infinity') as at
       from redemptions as r
       ${counts('r')}
      where r.redeemer_partner_id = customer.redeemer_partner_id and r.campaign_id = $1 and r.match_id = customer.match_id
   ) as redeemed
   cross join lateral (
     select string_agg(${partyOf('touch.placement_id')}::text, ',' order by touch.occurred_at, touch.id) as path,
            max(touch.occurred_at) as latest
       from (
         select own.*, max(own.occurred_at) over () as latest
           from (${touchesOfCustomer('customer', (instant) => `${instant} > redeemed.at`)}) as own
       ) as touch
      where touch.occurred_at >= touch.latest - $6::integer * interval '24 hours'
   ) as since
   where ${isAsked('(since.latest at time zone $5)::date')}`;

/** One row per journey: parties and ages (seconds before the redemption) of the touches in the order of time, joined by commas. */
export const JOURNEYS = `${CONVERTING} union all ${NOT_CONVERTING}`;

/** The same, with journeys that touched the same parties in the same order counted together. Without ages, since these differ. */
export const JOURNEYS_BY_PATH = `
  select j.owner, sum(j.conversions)::integer as conversions, sum(j.nulls)::integer as nulls, sum(j.value) as value, j.path, null as ages
    from (${JOURNEYS}) as j
   group by j.owner, j.path`;
