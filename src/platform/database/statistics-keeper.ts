import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from './database.js';

const LOOK_EVERY_MS = 2_000;
/** Below this the wrong plan costs nothing anybody would notice. */
const FEWEST_CHANGES = 500;

/**
 * Keeps the planner's statistics fresh while a table is growing fast. PostgreSQL's own daemon looks once a minute, and until it has,
 * a prepared statement may keep a plan that was made for an empty table: on a new database the look-up of a receipt then
 * read every redemption of the partner (90 ms instead of 1 ms after twenty seconds of load). Analyzing a table takes some
 * milliseconds, locks nothing a till waits for, and makes every connection plan again.
 */
@Injectable()
export class StatisticsKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(StatisticsKeeper.name);
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.current = this.current.then(() => this.lookQuietly());
    }, LOOK_EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.current;
  }

  /** Analyzes the tables that have more than doubled since they were last analyzed, and names them. */
  async refresh(): Promise<string[]> {
    return this.database.read(async (tx) => {
      const grown = await tx.rows<{ name: string }>(
        `select format('%I.%I', s.schemaname, s.relname) as name
           from pg_stat_user_tables s join pg_class c on c.oid = s.relid
          where s.n_mod_since_analyze >= $1 and s.n_mod_since_analyze > c.reltuples
          order by 1`,
        [FEWEST_CHANGES],
      );
      for (const { name } of grown) await tx.execute(`analyze (skip_locked) ${name}`);
      return grown.map(({ name }) => name);
    });
  }

  private async lookQuietly(): Promise<void> {
    await this.refresh().catch((error: unknown) =>
      this.logger.debug(`no fresh statistics: ${String(error)}`),
    );
  }
}
