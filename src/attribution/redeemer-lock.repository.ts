import type { Tx } from '../platform/database/tx.js';

/** First half of the advisory lock's key, so that no other use of advisory locks meets this one. */
export const ATTRIBUTION_LOCK = 7_263_337;

/**
 * Lets one transaction at a time change the contributions and rollups of a redeemer, until it ends. The locks are taken in
 * the order of their keys, not of the ids: two ids may share a key, and then the order of ids would not save two workers
 * from each other. Statements after this one see everything that earlier holders have committed (READ COMMITTED).
 * A worker that takes turns does not wait here: it locks the next redeemer that is free (`OutboxTurns`, the same key).
 */
export async function lockRedeemers(tx: Tx, redeemerIds: readonly string[]): Promise<void> {
  await tx.rows(
    `select pg_advisory_xact_lock($1, wanted.key)
       from (
         select distinct hashtext(redeemer.id) as key from unnest($2::text[]) as redeemer (id) order by key offset 0
       ) as wanted`,
    [ATTRIBUTION_LOCK, redeemerIds],
  );
}

/** Locks the redeemers whose facts these outbox rows say they name; before the rows are taken, as a turn does. */
export async function lockRedeemersOf(tx: Tx, outboxIds: readonly string[]): Promise<void> {
  await tx.rows(
    `select pg_advisory_xact_lock($1, wanted.key)
       from (
         select distinct hashtext(o.redeemer_partner_id::text) as key
           from outbox as o
          where o.id = any($2::uuid[]) and o.redeemer_partner_id is not null
          order by key offset 0
       ) as wanted`,
    [ATTRIBUTION_LOCK, outboxIds],
  );
}
