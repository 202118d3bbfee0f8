import { Injectable, Logger } from '@nestjs/common';
import { TandemError } from '../kernel/errors.js';
import { Database } from '../platform/database/database.js';
import { retryTransaction } from '../platform/database/retry-transaction.js';
import type { Tx } from '../platform/database/tx.js';
import { Outbox } from '../platform/outbox/outbox.js';
import { ReversalCommands } from '../redemptions/reversal.commands.js';
import { factRefs } from './attribute-facts.job.js';
import { type MergedRefs, mergeRefs } from './domain/merge-refs.js';
import { RecomputeContributionsService } from './recompute-contributions.service.js';

/** Turns recorded redemptions, reversals and receipts into what they add to the rollups. */
@Injectable()
export class AttributionService {
  private readonly logger = new Logger(AttributionService.name);

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly reversals: ReversalCommands,
    private readonly contributions: RecomputeContributionsService,
  ) {}

  /**
   * Attributes the facts of these outbox rows and finishes the rows. Rows that are gone were attributed before, rows that
   * another worker holds are its business. One row that cannot be attributed does not hold up the others: it is marked with
   * the reason and tried again by the sweeper. Answers how many references were followed.
   */
  async attribute(outboxIds: readonly string[]): Promise<number> {
    try {
      return await this.attributeTogether(outboxIds);
    } catch (error) {
      if (error instanceof TandemError && error.kind === 'operational') throw error;
      return outboxIds.length > 1 ? this.attributeOneByOne(outboxIds) : this.setAside(outboxIds, error);
    }
  }

  private async attributeOneByOne(outboxIds: readonly string[]): Promise<number> {
    let followed = 0;
    for (const id of outboxIds) followed += await this.attribute([id]);
    return followed;
  }

  private async setAside(outboxIds: readonly string[], error: unknown): Promise<0> {
    this.logger.error(
      `outbox row ${outboxIds.join()} cannot be attributed: ${String(error)}`,
      (error as Error).stack,
    );
    await this.database.transaction((tx) => this.outbox.fail(tx, outboxIds, String(error)));
    return 0;
  }

  private async attributeTogether(outboxIds: readonly string[]): Promise<number> {
    const rowIds = await this.transaction((tx) => this.applyReversals(tx, outboxIds));
    return rowIds.length === 0 ? 0 : this.transaction((tx) => this.finish(tx, rowIds));
  }

  /**
   * In a transaction of its own: giving uses back locks codes and counters that tills wait for, and the tills should not
   * wait for the rollups too. Answers the rows that may be finished now: without this step their reversals would be lost.
   */
  private async applyReversals(tx: Tx, outboxIds: readonly string[]): Promise<string[]> {
    const { rowIds, refs } = await this.take(tx, outboxIds);
    await this.reversals.applyWaiting(tx, refs);
    return rowIds;
  }

  private async finish(tx: Tx, outboxIds: readonly string[]): Promise<number> {
    const { rowIds, refs } = await this.take(tx, outboxIds);
    if (rowIds.length === 0) return 0;
    await this.contributions.recompute(tx, refs);
    await this.outbox.done(tx, rowIds);
    return refs.redemptions.ids.length + refs.reversals.ids.length + refs.receipts.ids.length;
  }

  private async take(tx: Tx, outboxIds: readonly string[]): Promise<{ rowIds: string[]; refs: MergedRefs }> {
    const rows = await this.outbox.take(tx, outboxIds);
    return {
      rowIds: rows.map((row) => row.id),
      refs: mergeRefs(rows.map((row) => factRefs.parse(row.payload))),
    };
  }

  private transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return retryTransaction(() => this.database.transaction(work));
  }
}
