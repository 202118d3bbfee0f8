import type { JobContract } from './job-contract.js';
import type { QueueStoreSettings } from './queue-store.js';

export interface QueueModuleOptions {
  readonly store: QueueStoreSettings;
  /** False in a process that only adds jobs. */
  readonly startWorkers: boolean;
  /** Every job of the application: each must have a handler where workers run, and all are counted in metrics. */
  readonly contracts: readonly JobContract<unknown>[];
}

export const QUEUE_OPTIONS = Symbol('QueueModuleOptions');
