import type { Job, JobsOptions, Queue, Worker, WorkerOptions } from 'bullmq';
import type { JobContract } from './job-contract.js';

/** Where jobs are kept; the same contract tests run against both. */
export type QueueStoreSettings =
  { readonly kind: 'redis'; readonly url: string } | { readonly kind: 'postgres'; readonly url: string };

/** A job at rest. The version travels with it because producers and workers of two releases run side by side. */
export interface StoredJob {
  readonly version: number;
  readonly payload: unknown;
}

export type JobQueue = Pick<Queue<StoredJob, void, string>, 'addBulk' | 'getJobCounts' | 'getWaiting'>;
export type JobWorker = Pick<Worker<StoredJob, void, string>, 'close' | 'cancelAllJobs'>;
export type RunningJob = Pick<Job<StoredJob, void, string>, 'name' | 'id' | 'data' | 'attemptsMade' | 'opts'>;
// BullMQ hands out a signal only to a processor that declares all three parameters.
export type JobProcessor = (
  job: RunningJob,
  token: string | undefined,
  signal: AbortSignal | undefined,
) => Promise<void>;

/** The one place that makes BullMQ objects. Nothing connects before it is needed, and everything reconnects by itself. */
export abstract class QueueStore {
  /** Resolves once the store answers; a caller that must not wait puts a deadline on it. */
  abstract queue(name: string): Promise<JobQueue>;
  /** Returns at once; the worker takes jobs as soon as the store answers. */
  abstract startWorker(name: string, concurrency: number, process: JobProcessor): JobWorker;
  /** Rejects when the store does not answer. */
  abstract ping(): Promise<void>;
  /** Ends every connection, also those of workers that did not stop in time. */
  abstract close(): Promise<void>;
}

// Nobody reads BullMQ's event stream here; its default keeps 10,000 entries in every queue.
export const EVENTS_KEPT = { events: { maxLen: 100 } };

export const WORKER_OPTIONS = {
  // A dead worker's job runs again after its lock has ended and a scan has seen it: within 45 s instead of 60 s.
  lockDuration: 30_000,
  stalledInterval: 15_000,
  // With the default of 1, a job whose worker dies twice fails although it has attempts left.
  maxStalledCount: 1_000_000,
  // The default of 15 s is the pause after a lost connection.
  runRetryDelay: 1_000,
} satisfies Partial<WorkerOptions>;

/** Done jobs leave the store at once; failed ones stay to be looked at, but cannot fill it. */
export function jobOptions(contract: JobContract<unknown>, id: string): JobsOptions {
  return {
    jobId: id,
    attempts: contract.attempts,
    // Half of the wait is random, so that jobs that failed together do not come back together.
    backoff: { type: 'exponential', delay: contract.backoffMs, jitter: 0.5 },
    removeOnComplete: true,
    removeOnFail: contract.forgetsFailed ?? { count: 1_000, age: 14 * 24 * 60 * 60 },
    stackTraceLimit: 1,
  };
}
