import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { AskedRate } from '../rates/domain/day-rate.js';

/** Whether the redeemer $1 takes part in a campaign of another currency than its own: nearly nobody does, and then nothing is read. */
const TILL = `till as materialized (
    select p.currency
      from partners as p
     where p.id = $1
       and exists (
         select from campaign_participants as part
           join campaigns as c on c.id = part.campaign_id
          where part.partner_id = $1 and c.currency <> p.currency)
  )`;

const UNFIXED = `
  with ${TILL},
  named as (
    select r.campaign_id, r.day
      from till
     cross join lateral (
       select r.campaign_id, r.day from redemptions as r where r.redeemer_partner_id = $1 and r.id = any($2::uuid[]) offset 0
     ) as r
     union
    select r.campaign_id, r.day
      from till
     cross join lateral (
       select p.channel_id, p.number from receipts as p where p.redeemer_partner_id = $1 and p.id = any($3::uuid[]) offset 0
     ) as p
     cross join lateral (
       select r.campaign_id, r.day
         from redemptions as r
        where r.redeemer_partner_id = $1 and r.channel_id = p.channel_id and r.receipt_number = p.number and r.status = 'accepted'
       offset 0
     ) as r
  )
  select till.currency as base, c.currency as quote, named.day
    from till
   cross join named
    join campaigns as c on c.id = named.campaign_id and c.currency <> till.currency
   where named.day is not null
     and not exists (
       select from day_rates as d where d.base = till.currency and d.quote = c.currency and d.day = named.day)`;

/** At which rates facts are to be converted, and which facts wait for one. */
@Injectable()
export class FactRatesRepository {
  /** The days of these facts of a redeemer that need a rate to the currency of a campaign and have none fixed yet. */
  async findUnfixed(
    tx: Tx,
    redeemerId: string,
    redemptions: readonly string[],
    receipts: readonly string[],
  ): Promise<AskedRate[]> {
    return tx.prepared<AskedRate>('attribution_unfixed_rates', UNFIXED, [redeemerId, redemptions, receipts]);
  }

  /** The partners that take part in a campaign of another currency than their own. */
  async foreignRedeemers(tx: Tx): Promise<string[]> {
    const rows = await tx.rows<{ id: string }>(
      `select distinct p.id
         from campaigns as c
         join campaign_participants as part on part.campaign_id = c.id
         join partners as p on p.id = part.partner_id and p.currency <> c.currency
        order by p.id`,
    );
    return rows.map(({ id }) => id);
  }

  /** The days of which a redeemer has facts that could not be converted. */
  async findMissing(tx: Tx, redeemerId: string): Promise<AskedRate[]> {
    return tx.rows<AskedRate>(
      `select distinct p.currency as base, c.currency as quote, f.day
         from redemption_facts as f
         join campaigns as c on c.id = f.campaign_id
         join partners as p on p.id = f.redeemer_partner_id and p.currency <> c.currency
        where f.redeemer_partner_id = $1 and f.unconverted + f.unconverted_leakage + f.unconverted_receipts > 0`,
      [redeemerId],
    );
  }

  async countWithoutRate(tx: Tx): Promise<number> {
    const row = await tx.row<{ facts: number }>(
      `select count(*)::integer as facts
         from redemption_facts as f
        where f.unconverted + f.unconverted_leakage + f.unconverted_receipts > 0`,
    );
    return row?.facts ?? 0;
  }

  /** Facts of a redeemer that could not be converted and can be by now, after an id and in the order of ids. */
  async findConvertible(tx: Tx, redeemerId: string, after: string | null, limit: number): Promise<string[]> {
    const rows = await tx.rows<{ id: string }>(
      `select f.redemption_id as id
         from redemption_facts as f
         join campaigns as c on c.id = f.campaign_id
         join partners as p on p.id = f.redeemer_partner_id
         join day_rates as d on d.base = p.currency and d.quote = c.currency and d.day = f.day
        where f.redeemer_partner_id = $1 and f.unconverted + f.unconverted_leakage + f.unconverted_receipts > 0
          and ($2::uuid is null or f.redemption_id > $2)
        order by f.redemption_id
        limit $3`,
      [redeemerId, after, limit],
    );
    return rows.map(({ id }) => id);
  }
}
