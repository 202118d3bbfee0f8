import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { type Contribution, heldColumns, list, moveRollup, writeContributions } from './contribution.sql.js';
import { isLive } from './live-redemption.sql.js';

const CELL = ['campaign_id', 'issuer_partner_id', 'day'];
export const PAIR_CUSTOMERS: Contribution = {
  table: 'pair_customers',
  key: ['redeemer_partner_id', 'customer_id', 'campaign_id', 'issuer_partner_id'],
  cell: CELL,
  figures: ['customers'],
};

// named: a customer whom two partners sent counts once for each of them, on the day of the first redemption of a code of
//        that partner. Who issues an offer never changes, so nothing else can move it.
// first: found by walking along the customer's redemptions, as for campaign_customers.
const RECOMPUTE = `
  with named as materialized (
    select distinct r.customer_id, r.campaign_id, o.issuer_partner_id
      from redemptions as r
      join offers as o on o.id = r.offer_id
     where r.redeemer_partner_id = $1 and r.id = any($2::uuid[]) and r.status = 'accepted' and r.customer_id is not null
  ),
  fresh as materialized (
    select $1::uuid as redeemer_partner_id, named.customer_id, named.campaign_id, named.issuer_partner_id, first.day,
           first.id is not null as counts, 1 as customers, ${heldColumns(PAIR_CUSTOMERS, 'before')}
      from named
      left join lateral (
        select c.*
          from pair_customers as c
         where c.redeemer_partner_id = $1 and c.customer_id = named.customer_id and c.campaign_id = named.campaign_id
           and c.issuer_partner_id = named.issuer_partner_id
        offset 0
      ) as before on true
      left join lateral (
        select r.id, r.day
          from redemptions as r
         where r.redeemer_partner_id = $1 and r.customer_id = named.customer_id and r.campaign_id = named.campaign_id
           and r.status = 'accepted' and ${isLive('r')}
           and (select o.issuer_partner_id from offers as o where o.id = r.offer_id) = named.issuer_partner_id
         order by r.occurred_at, r.id
         limit 1
      ) as first on true
  ),
  ${writeContributions(PAIR_CUSTOMERS)},
  days as (
    ${moveRollup(
      'campaign_pairs_daily',
      ['redeemer_partner_id', ...CELL],
      ['customers'],
      `(
        select redeemer_partner_id, ${list(CELL)}, customers from fresh where counts
         union all
        select redeemer_partner_id, campaign_id, issuer_partner_id, held_day, -held_customers from fresh where held
      )`,
    )}
  )
  select count(*)::int as changed from days`;

/** Whom the codes of each issuer brought to the redeemer: a customer counts once for each of them. */
@Injectable()
export class PairCustomersRepository {
  /** Brings the customers of these redemptions up to date; answers how many cells of `campaign_pairs_daily` changed. */
  async recompute(tx: Tx, redeemerId: string, redemptions: readonly string[]): Promise<number> {
    const [row] = await tx.prepared<{ changed: number }>('attribute_pair_customers', RECOMPUTE, [
      redeemerId,
      redemptions,
    ]);
    return row?.changed ?? 0;
  }
}
