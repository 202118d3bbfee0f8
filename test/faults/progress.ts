import type { Pool } from 'pg';
import { eventually } from '../support/eventually.js';

/** A way to ask the database while it is being hurt. */
export type Watch = Pick<Pool, 'query'>;

/** Committed batches of facts whose work is not done yet; those that were parked for somebody to look at are not in it. */
export async function backlog(database: Watch): Promise<number> {
  const { rows } = await database.query<{ rows: number }>(
    'select count(*)::int as rows from outbox where isfinite(publish_after)',
  );
  return rows[0]?.rows ?? 0;
}

/** Waits until the rollups move: a worker is at work. Answers how long that took. */
export async function rollupsMove(database: Watch, withinMs: number): Promise<number> {
  const startedAt = performance.now();
  const before = await attributed(database);
  await eventually(async () => (await attributed(database)) !== before, withinMs);
  return performance.now() - startedAt;
}

/** Whether a transaction that changes rollups is open at this moment. */
export async function isAttributing(database: Watch): Promise<boolean> {
  const { rowCount } = await database.query(
    `select from pg_locks l join pg_class c on c.oid = l.relation
      where c.relname in ('campaign_daily', 'redemption_facts') and l.mode = 'RowExclusiveLock'`,
  );
  return (rowCount ?? 0) > 0;
}

async function attributed(database: Watch): Promise<string | null> {
  const { rows } = await database.query<{ attributed: string | null }>(
    'select sum(redemptions + refusals) as attributed from campaign_daily',
  );
  return rows[0]?.attributed ?? null;
}
