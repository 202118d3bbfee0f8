import type { z } from 'zod';

/**
 * What producer and handler of one job agree on. A contract is passed to whoever needs it; there is no registry.
 * Payloads carry references to committed rows, never the facts: queue stores keep them in clear text and may lose them.
 */
export interface JobContract<P> {
  readonly queue: string;
  readonly name: string;
  /** Raised when a payload changes in a way an older worker cannot read; such a worker leaves the job to a newer one. */
  readonly version: number;
  /** Describes the payload as JSON, so it must not transform: it is checked when a job is added and when it runs. */
  readonly schema: z.ZodType<P, P>;
  /** How often the job runs before it is parked as failed. */
  readonly attempts: number;
  /** Wait before the second attempt; doubles with every further one. */
  readonly backoffMs: number;
  /** Jobs one worker process runs at once. Jobs of one queue share its places: the largest wish counts. */
  readonly concurrency: number;
  /**
   * Jobs parked as failed leave the store at once. For jobs whose work is remembered elsewhere and added again under the same
   * id, which a parked job would block.
   */
  readonly forgetsFailed?: boolean;
}

// BullMQ refuses a colon in a queue name (its key separator), and the name becomes part of Redis hash tags and metrics labels.
const PLAIN_NAME = /^[a-z][a-z0-9-]*$/;

/** Checks a contract once, when the module that owns it is loaded. */
export function defineJob<P>(contract: JobContract<P>): JobContract<P> {
  for (const name of [contract.queue, contract.name]) {
    if (!PLAIN_NAME.test(name))
      throw new Error(`"${name}" is no name for a queue or a job: use a-z, 0-9 and dashes`);
  }
  for (const [field, smallest] of [
    ['version', 1],
    ['attempts', 1],
    ['backoffMs', 0],
    ['concurrency', 1],
  ] as const) {
    if (!Number.isInteger(contract[field]) || contract[field] < smallest) {
      throw new Error(`job ${contract.name}: ${field} must be a whole number of at least ${smallest}`);
    }
  }
  return contract;
}

/** Names a job across queues; two contracts with the same key are the same job. */
export function jobKey(contract: Pick<JobContract<unknown>, 'queue' | 'name'>): string {
  return `${contract.queue}/${contract.name}`;
}
