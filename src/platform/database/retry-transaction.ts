import { isRetryable } from './database-errors.js';

export interface RetryOptions {
  readonly tries?: number;
  /** Further errors after which the same transaction may simply be run again. */
  readonly isWorthIt?: (error: unknown) => boolean;
}

/** Rows are locked in sorted order, so losing even once is rare; losing five times in a row means something else is wrong. */
const TRIES = 5;

/**
 * Runs a transaction again when the database gave it up for another one (deadlock, serialization failure). The last
 * failure passes through: a 503 that asks the caller to repeat.
 */
export async function retryTransaction<T>(run: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { tries = TRIES, isWorthIt = () => false } = options;
  for (let left = tries; ; left -= 1) {
    try {
      return await run();
    } catch (error) {
      if (left <= 1 || !(isRetryable(error) || isWorthIt(error))) throw error;
    }
  }
}
