import { z } from 'zod';
import { defineJob } from '../platform/queue/job-contract.js';

/** After an import of exchange rates: has the facts that waited for them attributed again. */
export const convertWaitingFacts = defineJob({
  queue: 'exchange-rates',
  name: 'convert-waiting-facts',
  version: 1,
  schema: z.strictObject({ outboxId: z.uuid() }),
  // The sweeper is the real retry; these bridge a restart of the database.
  attempts: 5,
  backoffMs: 1_000,
  // It takes the redeemers one after another, and their facts are attributed by others.
  concurrency: 1,
  // The outbox remembers what is not done, and its row is published again under the same id.
  forgetsFailed: true,
});
