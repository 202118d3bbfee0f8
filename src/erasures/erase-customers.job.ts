import { z } from 'zod';
import { defineJob } from '../platform/queue/job-contract.js';

/** Topic of the outbox rows that name an erasure to be done. */
export const ERASURES_TOPIC = 'customer-erasures';

/** Payload of such a row. Names the erasure, never the customer. */
export const erasureRef = z.strictObject({ erasureId: z.uuid() });

/** Does one erasure: the row stays until nothing leads to the customer any more. */
export const eraseCustomers = defineJob({
  queue: 'erasures',
  name: 'erase-customers',
  version: 1,
  schema: z.strictObject({ outboxId: z.uuid() }),
  // The sweeper is the real retry; these bridge a restart of the database.
  attempts: 5,
  backoffMs: 1_000,
  // An erasure locks counters that tills wait for: one after another is soon enough.
  concurrency: 1,
  // The outbox remembers what is not done, and its row is published again under the same id.
  forgetsFailed: true,
});
