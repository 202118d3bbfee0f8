import type { Client } from 'pg';

/** Accepted redemptions that take a use: not honoured over a limit, and no reversal has given the use back. */
const USES = `
  select r.*, (case when r.offline then r.occurred_at else r.received_at end at time zone c.time_zone)::date as counted_day
    from redemptions r
    join campaigns c on c.id = r.campaign_id
   where r.status = 'accepted' and not r.honoured_over_limit
     and not exists (
           select from reversal_applications a
            where a.redeemer_partner_id = r.redeemer_partner_id and a.redemption_id = r.id and a.use_returned)`;

const COUNTERS: readonly { readonly table: string; readonly key: string; readonly fact: string }[] = [
  { table: 'offer_counters', key: 'offer_id', fact: 'offer_id' },
  { table: 'offer_day_counters', key: `offer_id, day`, fact: 'offer_id, counted_day' },
  { table: 'customer_counters', key: 'offer_id, customer_id', fact: 'offer_id, customer_id' },
];

/** The limits in force, beside what was accepted against them. */
const LIMITS = `
  with uses as (${USES}),
  terms as (
    select t.* from offer_terms t
      join offers o on o.id = t.offer_id
      join campaigns c on c.id = o.campaign_id and c.effective_version = t.version
  ),
  counted as (
    select 'code ' || c.display as what, count(u.id) as accepted,
           coalesce(least(c.max_redemptions, t.per_code_limit), case c.kind when 'coupon' then 1 end) as allowed
      from codes c
      join terms t on t.offer_id = c.offer_id
      left join uses u on u.redeemer_partner_id = c.redeemer_partner_id and u.code_id = c.id
     group by c.redeemer_partner_id, c.id, t.per_code_limit
    union all
    select 'offer ' || t.offer_id, count(u.id), t.total_limit
      from terms t join uses u on u.offer_id = t.offer_id group by t.offer_id, t.total_limit
    union all
    select 'offer ' || t.offer_id || ' on ' || u.counted_day, count(u.id), t.daily_limit
      from terms t join uses u on u.offer_id = t.offer_id group by t.offer_id, u.counted_day, t.daily_limit
    union all
    select 'customer ' || u.customer_id || ' of offer ' || t.offer_id, count(u.id), t.per_customer_limit
      from terms t join uses u on u.offer_id = t.offer_id
     where u.customer_id is not null
     group by t.offer_id, u.customer_id, t.per_customer_limit
  )
  select what, accepted, allowed from counted where accepted > allowed`;

/** No limit is exceeded, and every counter holds the number of facts it stands for. Answers the differences. */
export async function checkCounters(database: Client): Promise<string[]> {
  const exceeded = await database.query<{ what: string; accepted: string; allowed: string }>(LIMITS);
  const codes = await database.query<{ display: string; uses: number; facts: string }>(
    `with uses as (${USES})
     select c.display, c.uses, count(u.id) as facts
       from codes c
       left join uses u on u.redeemer_partner_id = c.redeemer_partner_id and u.code_id = c.id
      group by c.redeemer_partner_id, c.id
     having c.uses <> count(u.id)`,
  );
  const differences = [
    ...exceeded.rows.map((row) => `${row.what} was accepted ${row.accepted} times, ${row.allowed} allowed`),
    ...codes.rows.map((row) => `code ${row.display} counts ${row.uses} uses of ${row.facts}`),
  ];
  for (const { table, key, fact } of COUNTERS) {
    const { rows } = await database.query<{ key: string; counted: number; facts: number }>(
      `with uses as (${USES}),
       facts as (
         select concat_ws(' ', ${fact}) as key, count(*)::int as facts from uses
          where num_nulls(${fact}) = 0 group by 1
       ),
       counters as (select concat_ws(' ', ${key}) as key, uses from ${table} where uses <> 0)
       select key, coalesce(c.uses, 0) as counted, coalesce(f.facts, 0) as facts
         from facts f full join counters c using (key)
        where c.uses is distinct from f.facts`,
    );
    differences.push(...rows.map((row) => `${table} ${row.key} counts ${row.counted} of ${row.facts}`));
  }
  return differences;
}
