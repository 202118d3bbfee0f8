import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';

/** An id and what takes its place. */
export interface Replacement {
  readonly oldId: string;
  readonly newId: string;
}

/** The same of a match id, which is of one campaign. */
export interface MatchReplacement extends Replacement {
  readonly campaignId: string;
}

/** The fingerprint of a body that told who the customer was; a repeat of such a post is believed. */
const FORGOTTEN = `'\\x'::bytea`;

/**
 * Replaces the ids of customers, some rows at a time. Every column that leads to a customer is replaced here, and
 * `test/integration/erasures.int-spec.ts` compares the columns with the schema.
 */
@Injectable()
export class ErasedRowsRepository {
  /** Locks redemptions of a customer in key order, as reversals do, and answers their ids. */
  async lockRedemptions(tx: Tx, partnerId: string, customerId: string, most: number): Promise<string[]> {
    // One question for each of the two indexes by customer.
    const rows = await tx.rows<{ id: string }>(
      `select r.id from redemptions r
        where r.redeemer_partner_id = $1
          and r.id = any(array(
                (select a.id from redemptions a
                  where a.redeemer_partner_id = $1 and a.customer_id = $2 and a.status = 'accepted' limit $3)
                union all
                (select f.id from redemptions f
                  where f.redeemer_partner_id = $1 and f.customer_id = $2 and f.status = 'refused' limit $3)))
        order by r.redeemer_partner_id, r.id
          for update of r`,
      [partnerId, customerId, most],
    );
    return rows.map(({ id }) => id);
  }

  /** Moves the uses that these locked redemptions hold to the new id. Locks the counters of their offers first, as tills do. */
  async moveUses(
    tx: Tx,
    partnerId: string,
    redemptionIds: readonly string[],
    { oldId, newId }: Replacement,
  ): Promise<void> {
    await tx.rows(
      `select from offer_counters t
        where t.redeemer_partner_id = $1
          and t.offer_id in (select r.offer_id from redemptions r
                              where r.redeemer_partner_id = $1 and r.id = any($2::uuid[]) and r.status = 'accepted')
        order by t.redeemer_partner_id, t.offer_id
          for update of t`,
      [partnerId, redemptionIds],
    );
    await tx.rows(
      `with held as materialized (
         select r.offer_id, count(*) filter (where ${HOLDS_USE})::integer as uses
           from redemptions r
          where r.redeemer_partner_id = $1 and r.id = any($2::uuid[]) and r.status = 'accepted'
          group by r.offer_id
       ), given as (
         insert into customer_counters as t (redeemer_partner_id, offer_id, customer_id, uses)
         select $1, held.offer_id, $4, held.uses from held where held.uses > 0
             on conflict (redeemer_partner_id, offer_id, customer_id) do update set uses = t.uses + excluded.uses
       ), gone as (
         delete from customer_counters t
          using held
          where t.redeemer_partner_id = $1 and t.offer_id = held.offer_id and t.customer_id = $3 and t.uses = held.uses
       )
       update customer_counters t set uses = t.uses - held.uses
         from held
        where t.redeemer_partner_id = $1 and t.offer_id = held.offer_id and t.customer_id = $3 and t.uses <> held.uses`,
      [partnerId, redemptionIds, oldId, newId],
    );
  }

  async renameRedemptions(
    tx: Tx,
    partnerId: string,
    redemptionIds: readonly string[],
    newId: string,
  ): Promise<void> {
    await tx.execute(
      `update redemptions r set customer_id = $3, fingerprint = ${FORGOTTEN}
        where r.redeemer_partner_id = $1 and r.id = any($2::uuid[])`,
      [partnerId, redemptionIds, newId],
    );
  }

  /** Answers the ids of the receipts. */
  async moveReceipts(
    tx: Tx,
    partnerId: string,
    { oldId, newId }: Replacement,
    most: number,
  ): Promise<string[]> {
    const rows = await tx.rows<{ id: string }>(
      `update receipts p set customer_id = $3, fingerprint = ${FORGOTTEN}
        where p.redeemer_partner_id = $1
          and p.id = any(array(select s.id from receipts s
                                where s.redeemer_partner_id = $1 and s.customer_id = $2 limit $4))
    returning p.id`,
      [partnerId, oldId, newId, most],
    );
    return rows.map(({ id }) => id);
  }

  /** Issuances of the partner to the customer, whoever redeems them. */
  async moveIssuances(
    tx: Tx,
    partnerId: string,
    { oldId, newId }: Replacement,
    most: number,
  ): Promise<number> {
    return tx.execute(
      `update issuances i set customer_id = $3, fingerprint = ${FORGOTTEN}
         from (select s.redeemer_partner_id, s.offer_id, s.id from issuances s
                where s.issuer_partner_id = $1 and s.customer_id = $2 limit $4) chosen
        where i.redeemer_partner_id = chosen.redeemer_partner_id and i.offer_id = chosen.offer_id and i.id = chosen.id`,
      [partnerId, oldId, newId, most],
    );
  }

  async moveReservations(
    tx: Tx,
    partnerId: string,
    { oldId, newId }: Replacement,
    most: number,
  ): Promise<number> {
    return tx.execute(
      `update reservations v set customer_id = $3
        where v.redeemer_partner_id = $1
          and v.id = any(array(select s.id from reservations s
                                where s.redeemer_partner_id = $1 and s.customer_id = $2 limit $4))`,
      [partnerId, oldId, newId, most],
    );
  }

  /** Rows of all participants with the match ids of these campaigns; answers how many. */
  async moveMatches(tx: Tx, matches: readonly MatchReplacement[], most: number): Promise<number> {
    const redemptions = await tx.execute(
      `update redemptions t set match_id = chosen.new_id
         from (${chosenRows('redemptions')}) chosen
        where t.redeemer_partner_id = chosen.redeemer_partner_id and t.id = chosen.id`,
      [...arraysOf(matches), most],
    );
    const issuances = await tx.execute(
      `update issuances t set match_id = chosen.new_id
         from (${chosenRows('issuances')}) chosen
        where t.redeemer_partner_id = chosen.redeemer_partner_id and t.offer_id = chosen.offer_id and t.id = chosen.id`,
      [...arraysOf(matches), most],
    );
    return redemptions + issuances + (await this.moveHoldOuts(tx, matches));
  }

  /** In campaigns with a hold-out a customer stays what it was, under the new id; an assignment made since goes. */
  private async moveHoldOuts(tx: Tx, matches: readonly MatchReplacement[]): Promise<number> {
    const assigned = await tx.execute(
      `with gone as (
         delete from hold_out_customers t
          using (${GIVEN_REDEEMERS}) given
          where t.redeemer_partner_id = given.redeemer_partner_id and t.campaign_id = given.campaign_id and t.match_id = given.old_id
         returning t.redeemer_partner_id, t.campaign_id, given.new_id, t.arm, t.assigned_at
       ), moved as (
         insert into hold_out_customers (redeemer_partner_id, campaign_id, match_id, arm, assigned_at)
         select * from gone on conflict do nothing
       )
       select from gone`,
      arraysOf(matches),
    );
    const linked = await tx.execute(
      `update hold_out_links t set match_id = given.new_id
         from (${GIVEN_REDEEMERS}) given
        where t.redeemer_partner_id = given.redeemer_partner_id and t.campaign_id = given.campaign_id and t.match_id = given.old_id`,
      arraysOf(matches),
    );
    return assigned + linked;
  }

  /** What tells whose receipts are whose in campaigns with a hold-out. */
  async moveHoldOutLinks(tx: Tx, partnerId: string, { oldId, newId }: Replacement): Promise<number> {
    return tx.execute(
      `with gone as (
         delete from hold_out_links t
          where t.redeemer_partner_id = $1 and t.customer_id = $2
            and t.campaign_id in (select o.campaign_id from offers o where o.redeemer_partner_id = $1)
         returning t.campaign_id, t.match_id
       ), moved as (
         insert into hold_out_links (redeemer_partner_id, campaign_id, customer_id, match_id)
         select $1, gone.campaign_id, $3, gone.match_id from gone on conflict do nothing
       )
       select from gone`,
      [partnerId, oldId, newId],
    );
  }

  /** The same for touches; what the partner posted of them forgets its body too, and is counted: `own` of `all`. */
  async moveTouches(
    tx: Tx,
    partnerId: string,
    matches: readonly MatchReplacement[],
    most: number,
  ): Promise<{ readonly own: number; readonly all: number }> {
    const rows = await tx.rows<{ isOwn: boolean }>(
      `update touches t
          set match_id = chosen.new_id,
              fingerprint = case when t.poster_partner_id = $5 and t.external_id is not null then ${FORGOTTEN} else t.fingerprint end
         from (${chosenRows('touches')}) chosen
        where t.redeemer_partner_id = chosen.redeemer_partner_id and t.campaign_id = chosen.campaign_id and t.id = chosen.id
    returning t.poster_partner_id = $5 as "isOwn"`,
      [...arraysOf(matches), most, partnerId],
    );
    return { own: rows.filter(({ isOwn }) => isOwn).length, all: rows.length };
  }
}

// The indexes of match ids begin with the redeemer, so each is asked for. `offset 0` keeps the planner from reading the whole table.
function chosenRows(table: 'redemptions' | 'issuances' | 'touches'): string {
  return `
    select s.redeemer_partner_id, s.campaign_id, s.offer_id, s.id, given.new_id
      from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as given (campaign_id, old_id, new_id)
     cross join lateral (
       select distinct o.redeemer_partner_id from offers o where o.campaign_id = given.campaign_id
     ) redeemer
     cross join lateral (
       select t.* from ${table} t
        where t.redeemer_partner_id = redeemer.redeemer_partner_id and t.campaign_id = given.campaign_id and t.match_id = given.old_id
        limit $4 offset 0
     ) s
     limit $4`;
}

/** The given ids at each redeemer of their campaign. */
const GIVEN_REDEEMERS = `
  select distinct given.campaign_id, given.old_id, given.new_id, o.redeemer_partner_id
    from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as given (campaign_id, old_id, new_id)
    join offers o on o.campaign_id = given.campaign_id`;

function arraysOf(matches: readonly MatchReplacement[]): string[][] {
  return [
    matches.map(({ campaignId }) => campaignId),
    matches.map(({ oldId }) => oldId),
    matches.map(({ newId }) => newId),
  ];
}

/** Under `r`, whether an accepted redemption holds a use: not when it was honoured over a limit or a reversal gave it back. */
const HOLDS_USE = `not r.honoured_over_limit and not exists (
  select from reversal_applications a
   where a.redeemer_partner_id = r.redeemer_partner_id and a.redemption_id = r.id and a.use_returned)`;
