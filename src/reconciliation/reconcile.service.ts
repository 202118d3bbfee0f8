import type { ContributionCommands } from '../attribution/contribution.commands.js';
import { TandemError } from '../kernel/errors.js';
import type { Database } from '../platform/database/database.js';
import { retryTransaction } from '../platform/database/retry-transaction.js';
import type { Tx } from '../platform/database/tx.js';
import type { ComparisonRepository, RedeemerToCompare, Scope } from './comparison.repository.js';
import type { Difference } from './domain/difference.js';
import { CONTRIBUTIONS, type RepairRepository, WHOLE } from './repair.repository.js';
import { COUNTED, ROLLUPS, type SumTable } from './sum-comparison.sql.js';

/** Findings that are told or repaired at a time. A repair of so many contributions holds a redeemer for some tenths of a second. */
const PAGE = 500;

/** Who hears what is found, while it is found. */
export interface ReconciliationListener {
  /** `waiting` is how many receipts facts in the outbox touch: what is stored about those is not judged. */
  compared(redeemer: RedeemerToCompare, found: number, waiting: number): void;
  differs(difference: Difference): void;
  /** `left` is how many rows still differ when everything was compared again. */
  repaired(redeemer: RedeemerToCompare, found: number, left: number): void;
}

export interface Reconciled {
  readonly redeemers: number;
  /** Rows that differed. */
  readonly found: number;
  /** Rows that differ still. */
  readonly left: number;
}

/**
 * Recomputes what is kept for speed from what was recorded, and says what differs; see ADR 0043. Works on a database of one connection,
 * whose temporary tables hold the findings.
 */
export class ReconcileService {
  constructor(
    private readonly database: Database,
    private readonly comparison: ComparisonRepository,
    private readonly repairs: RepairRepository,
    private readonly contributions: ContributionCommands,
  ) {}

  async run(scope: Scope, repairs: boolean, listener: ReconciliationListener): Promise<Reconciled> {
    const redeemers = await this.database.transaction(async (tx) => {
      await this.comparison.prepare(tx);
      if (repairs && !(await this.repairs.claim(tx))) throw alreadyRepairing();
      return this.comparison.redeemers(tx, scope);
    });
    let [found, left] = [0, 0];
    for (const redeemer of redeemers) {
      const differences = await this.tellDifferences(redeemer, scope, listener);
      found += differences.rows;
      left +=
        repairs && differences.any
          ? await this.repair(redeemer, scope, listener, differences.rows)
          : differences.rows;
    }
    return { redeemers: redeemers.length, found, left };
  }

  private async tellDifferences(redeemer: RedeemerToCompare, scope: Scope, listener: ReconciliationListener) {
    const { waiting, rows, any } = await this.compare(redeemer.id, scope.campaignId);
    listener.compared(redeemer, rows, waiting);
    await this.tellEach(listener);
    return { rows, any };
  }

  /** Everything of a redeemer in one snapshot, where contributions, rollups and the outbox fit together whatever is going on. */
  private async compare(redeemerId: string, campaignId: string | null) {
    const { comparison } = this;
    return this.database.transaction(async (tx) => {
      await tx.execute('set transaction isolation level repeatable read');
      const waiting = await comparison.begin(tx, redeemerId);
      let receipt = await comparison.compareReceipts(tx, redeemerId, campaignId);
      while (receipt) receipt = await comparison.compareReceipts(tx, redeemerId, campaignId, receipt);
      await comparison.compareRest(tx, redeemerId, campaignId);
      let customer = await comparison.compareCustomers(tx, redeemerId, campaignId);
      while (customer) customer = await comparison.compareCustomers(tx, redeemerId, campaignId, customer);
      await comparison.compareSums(tx, redeemerId, campaignId);
      return { waiting, ...(await comparison.count(tx)) };
    });
  }

  private async tellEach(listener: ReconciliationListener): Promise<void> {
    let after = 0;
    for (;;) {
      const page = await this.database.read((tx) => this.comparison.page(tx, after, PAGE));
      for (const difference of page) listener.differs(difference);
      const last = page.at(-1);
      if (!last) return;
      after = last.id;
    }
  }

  private async repair(
    redeemer: RedeemerToCompare,
    scope: Scope,
    listener: ReconciliationListener,
    found: number,
  ): Promise<number> {
    await this.repairAttribution(redeemer.id);
    for (const table of COUNTED) await this.repairCounted(table, redeemer.id);
    const { rows: left } = await this.compare(redeemer.id, scope.campaignId);
    listener.repaired(redeemer, found, left);
    if (left > 0) await this.tellEach(listener);
    return left;
  }

  /**
   * First the rollups are made the sum of the contributions as they are stored, then the contributions are recomputed, which takes
   * the rollups along: both are true whatever workers have done since the comparison. The first step and some of the second go
   * together, so that reports see figures in between only when there is much to repair.
   */
  private async repairAttribution(redeemerId: string): Promise<void> {
    let after = await this.lockedChunk(redeemerId, 0, async (tx) => {
      for (const rollup of ROLLUPS) await this.repairs.repairSums(tx, rollup, redeemerId, WHOLE);
    });
    while (after !== undefined) after = await this.lockedChunk(redeemerId, after);
  }

  private lockedChunk(
    redeemerId: string,
    after: number,
    before?: (tx: Tx) => Promise<void>,
  ): Promise<number | undefined> {
    return this.transaction(async (tx) => {
      await this.contributions.lock(tx, redeemerId);
      await before?.(tx);
      const slice = await this.repairs.nextSlice(tx, CONTRIBUTIONS, after, PAGE);
      if (!slice) return undefined;
      const redemptions = await this.repairs.clearStrays(tx, redeemerId, slice);
      if (redemptions.length > 0) await this.contributions.recompute(tx, redeemerId, redemptions);
      return slice.upTo;
    });
  }

  private async repairCounted(table: SumTable, redeemerId: string): Promise<void> {
    let after: number | undefined = 0;
    while (after !== undefined) {
      const from: number = after;
      after = await this.transaction(async (tx) => {
        const slice = await this.repairs.nextSlice(tx, [table.table], from, PAGE);
        if (slice) await this.repairs.repairSums(tx, table, redeemerId, slice);
        return slice?.upTo;
      });
    }
  }

  private transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return retryTransaction(() =>
      this.database.transaction(async (tx) => {
        await this.repairs.bePatient(tx);
        return work(tx);
      }),
    );
  }
}

function alreadyRepairing(): TandemError {
  return new TandemError(
    'operational',
    'reconciliation.running',
    'Another repair runs on this database: wait for it.',
  );
}
