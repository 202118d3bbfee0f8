import type { Tx } from '../platform/database/tx.js';
import {
  CHANGE_ISSUANCE_COUNTS,
  changeRows,
  DELETE_STRAY_CUSTOMERS,
  DELETE_STRAY_FACTS,
  DELETE_STRAY_PAIRS,
  LOCK_OFFERS,
  lockRows,
  makeRows,
  REDEMPTIONS_TO_RECOMPUTE,
  TAKE_BACK_REFUSALS,
} from './repair.sql.js';
import type { SumTable } from './sum-comparison.sql.js';

export const CONTRIBUTIONS = ['redemption_facts', 'campaign_customers', 'pair_customers'];

/** Some of the findings: those whose ids lie in (after, upTo]. */
export interface Slice {
  readonly after: number;
  readonly upTo: number;
}
export const WHOLE: Slice = { after: 0, upTo: Number.MAX_SAFE_INTEGER };

/** No till waits longer for a repair than for another till: a repair that does not get its locks gives up, and can be run again. */
const PATIENCE = `set local lock_timeout = '30s'`;

/** Puts right what `ComparisonRepository` has found, on the same connection. */
export class RepairRepository {
  async bePatient(tx: Tx): Promise<void> {
    await tx.execute(PATIENCE);
  }

  /** Lets one repair at a time run on a database; false when another one does. Two would both add what is missing. */
  async claim(tx: Tx): Promise<boolean> {
    const row = await tx.row<{ claimed: boolean }>('select pg_try_advisory_lock($1) as claimed', [
      REPAIR_LOCK,
    ]);
    return row?.claimed ?? false;
  }

  /** The next findings about these tables after one. */
  async nextSlice(
    tx: Tx,
    relations: readonly string[],
    after: number,
    limit: number,
  ): Promise<Slice | undefined> {
    const row = await tx.row<{ last: string | null }>(
      `select max(page.id) as last
         from (select d.id from differences as d where d.relation = any($1) and d.id > $2 order by d.id limit $3) as page`,
      [relations, after, limit],
    );
    return row?.last == null ? undefined : { after, upTo: Number(row.last) };
  }

  /** Gives the rows of a table what they lack. The caller holds the redeemer when it is a rollup. */
  async repairSums(tx: Tx, table: SumTable, redeemerId: string, { after, upTo }: Slice): Promise<void> {
    const slice = [redeemerId, after, upTo];
    if (table.table === 'issuance_counters') {
      await tx.execute(CHANGE_ISSUANCE_COUNTS, slice);
      return;
    }
    if (table.table.endsWith('_counters'))
      for (const lock of LOCK_OFFERS) await tx.execute(lock, [...slice, table.table]);
    await tx.execute(lockRows(table), slice);
    await tx.execute(changeRows(table), slice);
    if (!table.isAlwaysThere) await tx.execute(makeRows(table), slice);
  }

  /**
   * Takes away contributions of what does not exist, and answers the redemptions by which the others are recomputed. The caller holds
   * the redeemer.
   */
  async clearStrays(tx: Tx, redeemerId: string, { after, upTo }: Slice): Promise<string[]> {
    const slice = [redeemerId, after, upTo];
    await tx.execute(DELETE_STRAY_FACTS, slice);
    await tx.execute(TAKE_BACK_REFUSALS, slice);
    await tx.execute(DELETE_STRAY_CUSTOMERS, slice);
    await tx.execute(DELETE_STRAY_PAIRS, slice);
    const rows = await tx.rows<{ id: string }>(REDEMPTIONS_TO_RECOMPUTE, slice);
    return rows.map((row) => row.id);
  }
}

const REPAIR_LOCK = 7_263_340;
