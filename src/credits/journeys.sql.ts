// $1 campaign, $2 and $3 local days [from, to), $4 the party of each placement, as JSON: {"<id>": 0}, $5 time zone of the campaign,
// $6 how many days back touches count without a redemption that says under which terms.
const isAsked = (day: string): string => `${day} >= $2::date and ${day} < $3::date`;
/** A look-up in JSON is as fast for a thousand placements as for ten, whatever the planner believes. */
const partyOf = (placement: string): string => `($4::jsonb -> ${placement}::text)::integer`;
const isWithin = (instant: string): string => `${instant} >= v.since and ${instant} <= v.occurred_at`;
/** In whole seconds before the redemption. */
const age = (instant: string): string =>
  `floor(date_part('epoch', v.occurred_at - ${instant}))::bigint as age`;
/** Touches of one customer at one redeemer of the campaign, whoever that is. */
const isKnown = (alias: string): string => `
  ${alias}.campaign_id = $1 and ${alias}.match_id is not null
  and ${alias}.redeemer_partner_id = any(array(select o.redeemer_partner_id from offers as o where o.campaign_id = $1))`;

/** A touch of the redemption `v`: in what order it comes, and whether it is at the placement of the code that was redeemed. */
const touchOf = (alias: string, at: string): string => `
  select v.redeemer_partner_id, v.id as redemption_id, ${partyOf(`${alias}.placement_id`)} as party, ${alias}.id as touch_id,
         ${at} as occurred_at, ${age(at)}, ${alias}.placement_id = v.placement_id as is_own, null::integer as owner, 0 as value`;

// counting: the redemptions that still count, as the report counts them: from the same contributions, so that both agree at any time.
// valued:   the revenue of a receipt belongs to the day of the first redemption on it, as in the report, and is shared equally among
//           those that are asked for; cents that are left go to the first of them. The sum is the report's revenue to the cent.
// touched:  what the customer touched until then. A click that the till named and the issuance of the redeemed code count also where
//           nobody knows the customer; where somebody does, they are among the customer's touches already. The last row of each
//           redemption is no touch but what it is worth.
// since:    what customers touched after the last redemption that counts.
// Everything is joined as sets: look-ups for each redemption and customer took twice as long for 20,000 of them. Where rows are sorted,
// the id that differs stands first, since PostgreSQL compares the first column of a sort much faster than the others.
const SETS = `
  counting as materialized (
    select r.redeemer_partner_id, r.id, r.match_id, r.click_id, r.code_id, r.placement_id, r.channel_id, r.receipt_number, r.occurred_at,
           r.occurred_at - interval '24 hours' * (
             select terms.attribution_lookback_days
               from campaign_terms as terms
              where terms.campaign_id = $1 and terms.version = r.terms_version
           ) as since,
           fact.day, fact.revenue
      from redemptions as r
      join redemption_facts as fact
        on fact.redeemer_partner_id = r.redeemer_partner_id and fact.redemption_id = r.id and fact.redemptions = 1
     where r.campaign_id = $1
  ),
  valued as materialized (
    select c.redeemer_partner_id, c.id, c.match_id, c.click_id, c.code_id, c.placement_id, c.occurred_at, c.since,
           case when ${isAsked('c.receipt_day')}
                then c.receipt_revenue / c.sharers + (c.place <= c.receipt_revenue % c.sharers)::integer
                else 0 end as value
      from (
        select counting.*, first_value(counting.day) over receipt as receipt_day,
               first_value(counting.revenue) over receipt as receipt_revenue,
               count(*) filter (where ${isAsked('counting.day')}) over (receipt rows between unbounded preceding and unbounded following)
                 as sharers,
               count(*) filter (where ${isAsked('counting.day')}) over receipt as place
          from counting
        window receipt as (
          partition by counting.redeemer_partner_id, counting.channel_id, counting.receipt_number
              order by counting.occurred_at, counting.id
        )
      ) as c
     where ${isAsked('c.day')}
  ),
  touched as (
    ${touchOf('t', 't.occurred_at')}
      from valued as v
      join touches as t
        on t.redeemer_partner_id = v.redeemer_partner_id and t.campaign_id = $1 and t.match_id = v.match_id
       and ${isWithin('t.occurred_at')}
     union all
    ${touchOf('i', 'i.issued_at')}
      from valued as v
      join issuances as i
        on i.redeemer_partner_id = v.redeemer_partner_id and i.campaign_id = $1 and i.match_id = v.match_id and ${isWithin('i.issued_at')}
     union all
    ${touchOf('t', 't.occurred_at')}
      from valued as v
      join touches as t on t.redeemer_partner_id = v.redeemer_partner_id and t.campaign_id = $1 and t.id = v.click_id
     where v.click_id is not null and (t.match_id = v.match_id) is not true and ${isWithin('t.occurred_at')}
     union all
    ${touchOf('i', 'i.issued_at')}
      from valued as v
      join issuances as i on i.redeemer_partner_id = v.redeemer_partner_id and i.code_id = v.code_id
     where (i.match_id = v.match_id) is not true and ${isWithin('i.issued_at')}
     union all
    select v.redeemer_partner_id, v.id, null, null, v.occurred_at, 0, false, ${partyOf('v.placement_id')}, v.value
      from valued as v
  ),
  since as (
    select own.*, max(own.occurred_at) over (partition by own.match_id, own.redeemer_partner_id) as latest
      from (
        select t.redeemer_partner_id, t.match_id, t.id, ${partyOf('t.placement_id')} as party, t.occurred_at
          from touches as t
         where ${isKnown('t')}
         union all
        select i.redeemer_partner_id, i.match_id, i.id, ${partyOf('i.placement_id')}, i.issued_at
          from issuances as i
         where ${isKnown('i')}
      ) as own
      left join (
        select c.redeemer_partner_id, c.match_id, max(c.occurred_at) as at
          from counting as c
         where c.match_id is not null
         group by c.redeemer_partner_id, c.match_id
      ) as redeemed on redeemed.redeemer_partner_id = own.redeemer_partner_id and redeemed.match_id = own.match_id
     where redeemed.at is null or own.occurred_at > redeemed.at
  )`;

const inOrder = (column: string, order: string): string =>
  `string_agg(${column}::text, ',' order by ${order})`;
const IN_TIME = 'touch.occurred_at, touch.touch_id';

// The code proves a contact with its placement. Where no touch says when, it is the last, at the moment of the redemption.
const CONVERTING = `
  select j.owner, 1 as conversions, 0 as nulls, j.value,
         concat_ws(',', j.path, case when j.has_own then null else j.owner end) as path,
         concat_ws(',', j.ages, case when j.has_own then null else 0 end) as ages
    from (
      select max(touch.owner) as owner, max(touch.value) as value, bool_or(touch.is_own) as has_own,
             ${inOrder('touch.party', IN_TIME)} as path,
             ${inOrder('touch.age', IN_TIME)} filter (where touch.party is not null) as ages
        from touched as touch
       group by touch.redemption_id, touch.redeemer_partner_id
    ) as j`;

// A customer who touched something and redeemed nothing after it, as far as is known now. The journey is of the day of its last touch,
// and goes back from there to the last redemption that counts, or as far as touches count.
const NOT_CONVERTING = `
  select null::integer as owner, 0 as conversions, 1 as nulls, 0 as value,
         ${inOrder('touch.party', 'touch.occurred_at, touch.id')} as path, null as ages
    from since as touch
   where touch.occurred_at >= touch.latest - $6::integer * interval '24 hours'
     and ${isAsked('(touch.latest at time zone $5)::date')}
   group by touch.match_id, touch.redeemer_partner_id`;

/** One row per journey: parties and ages (seconds before the redemption) of the touches in the order of time, joined by commas. */
export const JOURNEYS = `with ${SETS} ${CONVERTING} union all ${NOT_CONVERTING}`;

/** The same, with journeys that touched the same parties in the same order counted together. Without ages, since these differ. */
export const JOURNEYS_BY_PATH = `
  select j.owner, sum(j.conversions)::integer as conversions, sum(j.nulls)::integer as nulls, sum(j.value) as value, j.path, null as ages
    from (${JOURNEYS}) as j
   group by j.owner, j.path`;
