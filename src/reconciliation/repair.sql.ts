import { CLERK_CELL, CUSTOMER, DAILY, each, list, OF_CLERK, PAIR_CELL, PLACE } from './columns.sql.js';
import type { SumTable } from './sum-comparison.sql.js';

const TYPES: Readonly<Record<string, string>> = { day: 'date', grain: 'text', clerk: 'text' };

/** Some differences of a table, with key and change as columns. `$1` is the redeemer, ($2, $3] the ids of the differences. */
function found({ table, key, figures }: SumTable, where: string): string {
  return `
    select ${each(key, (column) => `(d.key ->> '${column}')::${TYPES[column] ?? 'uuid'} as ${column}`)},
           ${each(figures, (figure) => `(d.change ->> '${figure}')::numeric as ${figure}`)}
      from differences as d
     where d.relation = '${table}' and d.id > $2 and d.id <= $3 and ${where}`;
}

const same = (key: readonly string[]): string =>
  key.map((column) => `t.${column} = d.${column}`).join(' and ');

/** Locks the rows in the order in which their writers do. */
export function lockRows(table: SumTable): string {
  return `select from ${table.table} as t join (${found(table, 'd.stored is not null')}) as d on ${same(table.key)}
           where t.redeemer_partner_id = $1 order by ${list(table.key, 't.')} for update of t`;
}

/**
 * Gives rows what they lack. A change rather than the value that was found missing: what writers have added since stays.
 * A code that was used more often than it may be keeps its maximum, which its table insists on.
 */
export function changeRows(table: SumTable): string {
  const changed = (figure: string): string => `t.${figure} + d.${figure}`;
  return `update ${table.table} as t
             set ${each(table.figures, (figure) => `${figure} = ${table.table === 'codes' ? `least(${changed(figure)}, t.max_redemptions)` : changed(figure)}`)}
            from (${found(table, 'd.stored is not null')}) as d
           where t.redeemer_partner_id = $1 and ${same(table.key)}`;
}

/** Makes rows that are missing, in the order of their keys; one that somebody has made since is added to. */
export function makeRows(table: SumTable): string {
  const { key, figures } = table;
  return `insert into ${table.table} as t (redeemer_partner_id, ${list([...key, ...figures])})
          select $1, ${list([...key, ...figures], 'd.')} from (${found(table, 'd.stored is null')}) as d order by ${list(key, 'd.')}
              on conflict (redeemer_partner_id, ${list(key)})
                 do update set ${each(figures, (figure) => `${figure} = t.${figure} + excluded.${figure}`)}`;
}

/** Of the counts of issuances, which are spread over slots, one is changed: only their sum is ever read. */
export const CHANGE_ISSUANCE_COUNTS = `
  insert into issuance_counters as t (redeemer_partner_id, offer_id, placement_id, slot, issued)
  select $1, (d.key ->> 'offer_id')::uuid, (d.key ->> 'placement_id')::uuid, 0, (d.change ->> 'issued')::bigint
    from differences as d
   where d.relation = 'issuance_counters' and d.id > $2 and d.id <= $3
   order by 2, 3
      on conflict (redeemer_partner_id, offer_id, placement_id, slot) do update set issued = t.issued + excluded.issued`;

/** Makes the counters of the offers concerned, so that there are rows to lock, and locks them: they guard all counters of an offer. */
export const LOCK_OFFERS = [
  `insert into offer_counters (redeemer_partner_id, offer_id)
   select distinct $1::uuid, (d.key ->> 'offer_id')::uuid as offer_id from differences as d
    where d.relation = $4 and d.id > $2 and d.id <= $3 order by offer_id
       on conflict do nothing`,
  `select from offer_counters as t
    where t.redeemer_partner_id = $1
      and t.offer_id in (select (d.key ->> 'offer_id')::uuid from differences as d
                          where d.relation = $4 and d.id > $2 and d.id <= $3)
    order by t.offer_id for update`,
];

/** Takes what `gone` says off a rollup. */
function takeOff(rollup: string, cell: readonly string[], figures: readonly string[]): string {
  return `update ${rollup} as t
             set ${each(figures, (figure) => `${figure} = t.${figure} - d.${figure}`)}
            from (select ${list(cell, 'g.')}, ${each(figures, (figure) => `sum(g.${figure}) as ${figure}`)}
                    from gone as g group by ${list(cell, 'g.')}) as d
           where t.redeemer_partner_id = $1 and ${same(cell)}`;
}

/** Contributions of redemptions that do not exist: they were in no rollup. */
export const DELETE_STRAY_FACTS = `
  delete from redemption_facts as f
   using differences as d
   where d.relation = 'redemption_facts' and d.id > $2 and d.id <= $3 and d.expected is null
     and f.redeemer_partner_id = $1 and f.redemption_id = (d.key ->> 'redemption_id')::uuid
     and not exists (select from redemptions as r
                      where r.redeemer_partner_id = $1 and r.id = f.redemption_id
                        and (r.status = 'accepted' or num_nulls(${list(PLACE, 'r.')}) = 0))`;

/**
 * Contributions of refusals, to be made again: a worker trusts that such a row says nothing about receipts, and would take away what
 * was never added.
 */
export const TAKE_BACK_REFUSALS = `
  with gone as (
    delete from redemption_facts as f
     using differences as d, redemptions as r
     where d.relation = 'redemption_facts' and d.id > $2 and d.id <= $3
       and r.redeemer_partner_id = $1 and r.id = (d.key ->> 'redemption_id')::uuid and r.status = 'refused'
       and f.redeemer_partner_id = $1 and f.redemption_id = r.id
    returning ${list(PLACE, 'r.')}, coalesce(r.clerk, '') as clerk, ${list(DAILY, 'f.')}
  ),
  of_clerks as (${takeOff('campaign_clerks_daily', CLERK_CELL, OF_CLERK)})
  ${takeOff('campaign_daily', PLACE, DAILY)}`;

/** Customers who never redeemed in the campaign; what they added to the rollup goes too. */
export const DELETE_STRAY_CUSTOMERS = `
  with gone as (
    delete from campaign_customers as c
     using differences as d
     where d.relation = 'campaign_customers' and d.id > $2 and d.id <= $3 and d.expected is null
       and c.redeemer_partner_id = $1 and c.customer_id = (d.key ->> 'customer_id')::uuid
       and c.campaign_id = (d.key ->> 'campaign_id')::uuid
       and not exists (select from redemptions as r
                        where r.redeemer_partner_id = $1 and r.customer_id = c.customer_id and r.campaign_id = c.campaign_id
                          and r.status = 'accepted')
    returning c.*
  )
  ${takeOff('campaign_daily', PLACE, CUSTOMER)}`;

/** The same for partners whose codes they never redeemed. */
export const DELETE_STRAY_PAIRS = `
  with gone as (
    delete from pair_customers as c
     using differences as d
     where d.relation = 'pair_customers' and d.id > $2 and d.id <= $3 and d.expected is null
       and c.redeemer_partner_id = $1 and c.customer_id = (d.key ->> 'customer_id')::uuid
       and c.campaign_id = (d.key ->> 'campaign_id')::uuid and c.issuer_partner_id = (d.key ->> 'issuer_partner_id')::uuid
       and not exists (select from redemptions as r
                         join offers as o on o.id = r.offer_id and o.issuer_partner_id = c.issuer_partner_id
                        where r.redeemer_partner_id = $1 and r.customer_id = c.customer_id and r.campaign_id = c.campaign_id
                          and r.status = 'accepted')
    returning c.*
  )
  ${takeOff('campaign_pairs_daily', PAIR_CELL, ['customers'])}`;

/** Redemptions whose contributions, or whose customer's, differ. */
export const REDEMPTIONS_TO_RECOMPUTE = `
  select r.id
    from differences as d
    join redemptions as r on r.redeemer_partner_id = $1 and r.id = (d.key ->> 'redemption_id')::uuid
   where d.relation = 'redemption_facts' and d.id > $2 and d.id <= $3
   union
  select r.id
    from differences as d
   cross join lateral (
     select one.id from redemptions as one
      where one.redeemer_partner_id = $1 and one.customer_id = (d.key ->> 'customer_id')::uuid
        and one.campaign_id = (d.key ->> 'campaign_id')::uuid and one.status = 'accepted'
      limit 1
   ) as r
   where d.relation = 'campaign_customers' and d.id > $2 and d.id <= $3
   union
  select r.id
    from differences as d
   cross join lateral (
     select one.id from redemptions as one
       join offers as o on o.id = one.offer_id and o.issuer_partner_id = (d.key ->> 'issuer_partner_id')::uuid
      where one.redeemer_partner_id = $1 and one.customer_id = (d.key ->> 'customer_id')::uuid
        and one.campaign_id = (d.key ->> 'campaign_id')::uuid and one.status = 'accepted'
      limit 1
   ) as r
   where d.relation = 'pair_customers' and d.id > $2 and d.id <= $3`;
