import type { Tx } from '../platform/database/tx.js';

/** First half of the advisory lock's key, so that no other use of advisory locks meets this one. */
const ATTRIBUTION_LOCK = 7_263_337;

/**
 * Lets one transaction at a time change the contributions and rollups of a redeemer, until it ends. The locks are taken in
 * the order of their keys, not of the ids: two ids may share a key, and then the order of ids would not save two workers
 * from each other. Statements after this one see everything that earlier holders have committed (READ COMMITTED).
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
