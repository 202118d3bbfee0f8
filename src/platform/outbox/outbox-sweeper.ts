import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '../database/database.js';
import { OutboxRelay } from './outbox-relay.js';

const SWEEP_EVERY_MS = 2_000;
/** Rows per sweep: enough to refill a flushed queue quickly, little enough to stay a short statement. */
const SWEEP_LIMIT = 1_000;
const IDEMPOTENCY_DAYS = 8;
/** Sweeps between two clean-ups of idempotency keys: about half an hour. */
const CLEAN_UP_EVERY = 900;

interface DueRow {
  readonly id: string;
  readonly topic: string;
}

/** Publishes again what was committed more than ten seconds ago and is still not done. The real retry of the system. */
@Injectable()
export class OutboxSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(OutboxSweeper.name);
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> = Promise.resolve();
  private sweepsDone = 0;

  constructor(
    private readonly database: Database,
    private readonly relay: OutboxRelay,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.current = this.current.then(() => this.sweepQuietly());
    }, SWEEP_EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.current;
  }

  /** Publishes what is due and answers how many rows that were. Waits twice as long before each further try of a row, at most half a minute. */
  async sweep(): Promise<number> {
    const due = await this.database.transaction((tx) =>
      tx.rows<DueRow>(
        `update outbox o
            set sweeps = o.sweeps + 1,
                publish_after = now() + least(interval '10 seconds' * power(2, least(o.sweeps, 2)), interval '30 seconds')
           from (select d.id from outbox d where d.publish_after <= now()
                  order by d.publish_after limit $1 for update skip locked) due
          where o.id = due.id
      returning o.id, o.topic`,
        [SWEEP_LIMIT],
      ),
    );
    for (const topic of new Set(due.map((row) => row.topic))) {
      const ids = due.filter((row) => row.topic === topic).map((row) => row.id);
      await this.relay.publisherOf(topic)?.publish(ids);
    }
    return due.length;
  }

  private async sweepQuietly(): Promise<void> {
    try {
      const published = await this.sweep();
      if (published > 0) this.logger.log(`published ${published} waiting batches again`);
      if (this.sweepsDone++ % CLEAN_UP_EVERY === 0) await this.forgetOldKeys();
    } catch (error) {
      this.logger.warn(`sweep failed, next try in ${SWEEP_EVERY_MS / 1_000} s: ${String(error)}`);
    }
  }

  /** Idempotency keys are promised for seven days. */
  private async forgetOldKeys(): Promise<void> {
    await this.database.transaction((tx) =>
      tx.execute(`delete from idempotency_keys k where k.created_at < now() - make_interval(days => $1)`, [
        IDEMPOTENCY_DAYS,
      ]),
    );
  }
}
