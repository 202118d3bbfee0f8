import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { withDeadline } from './deadline.js';
import { QUEUE_OPTIONS, type QueueModuleOptions } from './queue-options.js';
import { type JobQueue, QueueStore } from './queue-store.js';

export interface QueueState {
  readonly queue: string;
  readonly waiting: number;
  readonly running: number;
  /** Waiting for another attempt. */
  readonly delayed: number;
  /** Parked after the last attempt. */
  readonly failed: number;
  readonly oldestWaitingSeconds: number;
}

const ANSWER_WITHIN_MS = 2_500;

/** Measures progress. A worker can hang while every connection answers pings, so liveness looks at what waits. */
@Injectable()
export class QueueStats {
  constructor(
    private readonly store: QueueStore,
    private readonly clock: Clock,
    @Inject(QUEUE_OPTIONS) private readonly options: QueueModuleOptions,
  ) {}

  /** One state per queue. Rejects when the store does not answer. */
  async states(): Promise<QueueState[]> {
    const names = [...new Set(this.options.contracts.map((contract) => contract.queue))];
    return withDeadline(
      Promise.all(names.map((name) => this.state(name))),
      ANSWER_WITHIN_MS,
      'the queue store',
    );
  }

  /** How long the longest waiting job of all queues has waited; 0 when none waits. */
  async oldestWaitingSeconds(): Promise<number> {
    return Math.max(0, ...(await this.states()).map((state) => state.oldestWaitingSeconds));
  }

  private async state(name: string): Promise<QueueState> {
    const queue = await this.store.queue(name);
    const counts = await queue.getJobCounts('wait', 'active', 'delayed', 'failed');
    const waiting = counts['wait'] ?? 0;
    return {
      queue: name,
      waiting,
      running: counts['active'] ?? 0,
      delayed: counts['delayed'] ?? 0,
      failed: counts['failed'] ?? 0,
      oldestWaitingSeconds: await this.oldestIn(queue, waiting),
    };
  }

  /** Redis lists the oldest job first, BullMQ 6.7 on PostgreSQL the newest: look at both ends. */
  private async oldestIn(queue: JobQueue, waiting: number): Promise<number> {
    if (waiting === 0) return 0;
    const ends = await Promise.all([queue.getWaiting(0, 0), queue.getWaiting(waiting - 1, waiting - 1)]);
    // A job that comes back after a failed attempt has not waited since it was added.
    const since = ends.flat().map((job) => Math.max(job.timestamp, job.processedOn ?? 0));
    return Math.max(0, (this.clock.now() - Math.min(Infinity, ...since)) / 1_000);
  }
}
