import { isRetryable } from '../platform/database/database-errors.js';

/** Rows are locked in sorted order, so losing even once is rare; losing five times in a row means something else is wrong. */
const MAX_TRIES = 5;

/**
 * Runs a transaction again when the database gave it up for another one (deadlock, serialization failure). The last
 * failure passes through: a 503 that asks the caller to repeat.
 */
export async function retryTransaction<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      if (tries === MAX_TRIES || !isRetryable(error)) throw error;
    }
  }
}
