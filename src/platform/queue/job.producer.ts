import { Injectable } from '@nestjs/common';
import { TandemError } from '../../kernel/errors.js';
import { withDeadline } from './deadline.js';
import type { JobContract } from './job-contract.js';
import { jobOptions, type JobQueue, QueueStore, type StoredJob } from './queue-store.js';

export interface NewJob<P> {
  readonly id: string;
  readonly payload: P;
}

// 500 jobs are one round trip of about 50 ms; a larger one would hold up the store's other clients.
const CHUNK = 500;
const ANSWER_WITHIN_MS = 2_500;

/** Adds jobs to their queue. Whoever calls it keeps the truth elsewhere and can call again: see `add`. */
@Injectable()
export class JobProducer {
  constructor(private readonly store: QueueStore) {}

  /**
   * Resolves when the store holds all jobs. Throws `queue.unavailable` (operational) within about 2.5 s when it does not
   * answer; some or all of the jobs may be in it even so. A job whose id the store still knows (waiting, running,
   * or parked as failed) is not added again, and that is no error: repeat a lost job safely, revive a parked one under a new id.
   */
  async add<P>(contract: JobContract<P>, jobs: readonly NewJob<P>[]): Promise<void> {
    const entries = jobs.map((job) => toEntry(contract, job));
    for (let start = 0; start < entries.length; start += CHUNK) {
      await this.addChunk(contract.queue, entries.slice(start, start + CHUNK));
    }
  }

  /**
   * Adds the job unless one waits in its queue already, whichever that is. For jobs that look for work themselves: the one that
   * waits begins after this call, so it finds whatever was committed before. Throws as `add` does.
   */
  async addUnlessOneWaits<P>(contract: JobContract<P>, job: NewJob<P>): Promise<void> {
    const entry = toEntry(contract, job);
    await this.onQueue(contract.queue, async (queue) => {
      const counts = await queue.getJobCounts('wait');
      if ((counts['wait'] ?? 0) === 0) await queue.addBulk([entry]);
    });
  }

  private async addChunk(queueName: string, entries: ReturnType<typeof toEntry>[]): Promise<void> {
    await this.onQueue(queueName, (queue) => queue.addBulk(entries));
  }

  private async onQueue(name: string, act: (queue: JobQueue) => Promise<unknown>): Promise<void> {
    try {
      // Two deadlines, so that nothing is added behind the caller's back once the store comes back.
      const queue = await withDeadline(this.store.queue(name), ANSWER_WITHIN_MS, 'the queue store');
      await withDeadline(act(queue), ANSWER_WITHIN_MS, 'the queue store');
    } catch (error) {
      throw unavailable(error);
    }
  }
}

function toEntry<P>(contract: JobContract<P>, { id, payload }: NewJob<P>) {
  // BullMQ builds keys with colons and counts its own ids in digits.
  if (!/^[^:]*[^:\d][^:]*$/.test(id)) {
    throw new TandemError('unexpected', 'queue.job-id', `"${id}" is no job id: no colon, not only digits`);
  }
  const parsed = contract.schema.safeParse(payload);
  if (!parsed.success) {
    throw new TandemError('unexpected', 'queue.payload', `job ${contract.name}: ${parsed.error.message}`);
  }
  const data: StoredJob = { version: contract.version, payload: parsed.data };
  return { name: contract.name, data, opts: jobOptions(contract, id) };
}

function unavailable(cause: unknown): TandemError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TandemError(
    'operational',
    'queue.unavailable',
    `the queue store did not take the jobs: ${reason}`,
    {
      status: 503,
      retryAfterSeconds: 5,
    },
  );
}
