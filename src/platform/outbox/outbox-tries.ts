import { Injectable, Logger } from '@nestjs/common';
import { TandemError } from '../../kernel/errors.js';
import { Database } from '../database/database.js';
import { Outbox } from './outbox.js';

/** Tries the work of outbox rows that are done by their id. */
@Injectable()
export class OutboxTries {
  private readonly logger = new Logger(OutboxTries.name);

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Does the work of a row. A failure that waiting does not mend is kept with the row, which is tried again later and parked in
   * the end. Throws when something is away: that is no fault of the row, and the job runs again.
   */
  async run(outboxId: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof TandemError && error.kind === 'operational') throw error;
      await this.setAside([outboxId], error);
    }
  }

  /** Marks rows whose work failed with the reason. Those that are done meanwhile are left in peace. */
  async setAside(outboxIds: readonly string[], error: unknown): Promise<void> {
    const failed = await this.database.transaction((tx) => this.outbox.fail(tx, outboxIds, String(error)));
    if (failed === 0) return;
    const stack = error instanceof Error ? error.stack : undefined;
    this.logger.error(`outbox row ${outboxIds.join()} failed: ${String(error)}`, stack);
  }
}
