import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { type Click, TouchRepository } from './touch.repository.js';

/** A person does not notice it; a database that is well has committed by then many times over. */
const WAIT_MS = 50;
const BATCH = 500;
/** Some 300 bytes each. With a database that is away this is what is kept until it is back; clicks beyond are not counted. */
const MAX_WAITING = 20_000;
const RETRY_MS = 1_000;
const STOP_WITHIN_MS = 3_000;

interface Waiting {
  readonly click: Click;
  readonly stored: () => void;
}

/**
 * Stores clicks, all that have come while the last statement ran in one. An id is handed out only once its click is committed, so that
 * no click that anybody has heard of can be lost; what takes longer than a redirect may wait is stored all the same, but
 * nobody hears its id.
 */
@Injectable()
export class ClickBuffer implements OnModuleDestroy {
  private readonly logger = new Logger(ClickBuffer.name);
  private waiting: Waiting[] = [];
  private running: Promise<void> | undefined;
  private isStopping = false;

  constructor(
    private readonly database: Database,
    private readonly touches: TouchRepository,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /** The id of the click, or null when it was not committed in time. Never throws and never waits longer than that. */
  async record(linkId: string): Promise<string | null> {
    if (this.waiting.length >= MAX_WAITING || this.isStopping) {
      this.metrics.clicks.inc({ outcome: 'dropped' });
      return null;
    }
    const click = { id: this.clock.newId(), linkId, occurredAt: this.clock.now() };
    const isStored = await this.within(WAIT_MS, (stored) => this.enqueue({ click, stored }));
    this.metrics.clicks.inc({ outcome: isStored ? 'counted' : 'late' });
    return isStored ? click.id : null;
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    const end = this.clock.now() + STOP_WITHIN_MS;
    while (this.running && this.clock.now() < end) await Promise.race([this.running, sleep(50)]);
    if (this.waiting.length > 0)
      this.logger.warn(`${this.waiting.length} clicks could not be stored; nobody has heard their ids`);
    this.waiting = [];
  }

  private enqueue(item: Waiting): void {
    this.waiting.push(item);
    this.running ??= this.flush();
  }

  private async flush(): Promise<void> {
    // The caller notes first that this runs; no await comes between finding nothing left and noting that it runs no more.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, BATCH);
      if (await this.store(batch.map(({ click }) => click))) {
        this.waiting = this.waiting.slice(batch.length);
        for (const { stored } of batch) stored();
      } else await sleep(RETRY_MS);
    }
    this.running = undefined;
  }

  private async store(clicks: readonly Click[]): Promise<boolean> {
    try {
      await this.database.separateTransaction((tx) => this.touches.insertClicks(tx, clicks));
      return true;
    } catch (error) {
      this.logger.warn(`clicks wait for the database: ${String(error)}`);
      return false;
    }
  }

  /** Whether what was begun told in time that it is done. */
  private within(ms: number, begin: (done: () => void) => void): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms);
      begin(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }
}
