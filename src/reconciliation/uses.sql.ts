/**
 * What accepted redemptions of the redeemer $1 (of the campaign $2, unless it is null) take from limits and budgets, in one pass. One
 * that was honoured over a limit takes nothing. A use comes back with the reversal that says so, costs with each that returns some.
 * The day is that of the sale where the till was offline, else that of its arrival, in the campaign's zone.
 */
export const COUNT_USES = `
  with given_back as (
    select a.redemption_id, bool_or(a.use_returned) as use_returned, sum(a.cost_returned) as cost
      from reversal_applications as a
     where a.redeemer_partner_id = $1
     group by a.redemption_id
  ),
  taken as (
    select r.offer_id, r.channel_id, r.customer_id, r.code_id,
           (case when r.offline then r.occurred_at else r.received_at end at time zone c.time_zone)::date as day,
           case when b.use_returned then 0 else 1 end as uses,
           r.discount + r.gift_cost - coalesce(b.cost, 0) as spent
      from redemptions as r
      join campaigns as c on c.id = r.campaign_id
      left join given_back as b on b.redemption_id = r.id
     where r.redeemer_partner_id = $1 and r.status = 'accepted' and not r.honoured_over_limit
       and ($2::uuid is null or r.campaign_id = $2)
  )
  insert into uses_taken
  select case grouping(t.day, t.channel_id, t.customer_id, t.code_id)
           when 7 then 'day' when 11 then 'channel' when 13 then 'customer' when 14 then 'code' else 'offer'
         end, t.offer_id, t.day, t.channel_id, t.customer_id, t.code_id, sum(t.uses), sum(t.spent)
    from taken as t
   group by grouping sets ((t.offer_id), (t.offer_id, t.day), (t.offer_id, t.channel_id), (t.offer_id, t.customer_id),
                           (t.offer_id, t.code_id))`;
