import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { isRetryable } from '../platform/database/database-errors.js';
import type { Tx } from '../platform/database/tx.js';
import { Outbox } from '../platform/outbox/outbox.js';
import { ReversalCommands } from '../redemptions/reversal.commands.js';
import { factRefs } from './attribute-facts.job.js';
import { type MergedRefs, mergeRefs } from './domain/merge-refs.js';
import { RecomputeContributionsService } from './recompute-contributions.service.js';

const MAX_TRIES = 3;

/** Turns recorded redemptions, reversals and receipts into what they add to the rollups. */
@Injectable()
export class AttributionService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly reversals: ReversalCommands,
    private readonly contributions: RecomputeContributionsService,
  ) {}

  /**
   * Attributes the facts of these outbox rows and finishes the rows, all or nothing. Rows that are gone were attributed
   * before, rows that another worker holds are its business. Answers how many references it followed.
   */
  async attribute(outboxIds: readonly string[]): Promise<number> {
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

  /** Runs again what the database gave up for another transaction. */
  private async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.database.transaction(work);
      } catch (error) {
        if (tries === MAX_TRIES || !isRetryable(error)) throw error;
      }
    }
  }
}
