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

/**
 * Announces again what was committed more than ten seconds ago and is still not done. The real retry of the system. Neither
 * publishing nor ringing makes a second job while the first one waits, so a queue without workers does not grow.
 */
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

  /** Announces what is due; answers how many rows were published by their ids and which topics were rung. */
  async sweep(): Promise<{ published: number; rung: string[] }> {
    const due = await this.claimDue();
    const rung: string[] = [];
    for (const publisher of this.relay.publishers()) {
      const { topic } = publisher;
      const ids = due.filter((row) => row.topic === topic).map((row) => row.id);
      if (ids.length > 0) await publisher.publish(ids);
      if (!publisher.ring || !(await this.isOverdue(topic))) continue;
      await publisher.ring();
      rung.push(topic);
    }
    return { published: due.length, rung };
  }

  /** Rows that are done by their id, and shares that failed. Waits twice as long before each further try, at most half a minute. */
  private async claimDue(): Promise<DueRow[]> {
    return this.database.transaction((tx) =>
      tx.rows<DueRow>(
        `update outbox o
            set sweeps = o.sweeps + 1,
                publish_after = now() + least(interval '10 seconds' * power(2, least(o.sweeps, 2)), interval '30 seconds')
           from (select d.id from outbox d
                  where d.publish_after <= now() and (d.redeemer_partner_id is null or d.failure is not null)
                  order by d.publish_after limit $1 for update skip locked) due
          where o.id = due.id
      returning o.id, o.topic`,
        [SWEEP_LIMIT],
      ),
    );
  }

  private async isOverdue(topic: string): Promise<boolean> {
    const row = await this.database.read((tx) =>
      tx.row<{ overdue: boolean }>(
        `select exists (select from outbox o
                         where o.topic = $1 and o.redeemer_partner_id is not null and o.failure is null
                           and o.created_at <= now() - interval '10 seconds') as overdue`,
        [topic],
      ),
    );
    return row?.overdue ?? false;
  }

  private async sweepQuietly(): Promise<void> {
    try {
      const { published } = await this.sweep();
      if (published > 0) this.logger.log(`published ${published} waiting rows again`);
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
