import { z } from 'zod';
import { defineJob } from '../platform/queue/job-contract.js';
import type { RecordedFacts } from '../receipts/recorded-facts.events.js';

const idsByPartner = z.record(z.uuid(), z.array(z.uuid()));

/** Payload of an outbox row. Strict: a kind of fact that this version does not know must not be dropped unseen. */
export const factRefs = z.strictObject({
  redemptions: idsByPartner.optional(),
  reversals: idsByPartner.optional(),
  receipts: idsByPartner.optional(),
} satisfies Record<keyof RecordedFacts, z.ZodType>);

export const attributeFacts = defineJob({
  queue: 'attribution',
  name: 'attribute-facts',
  version: 2,
  // Without ids: look whose facts wait. With ids: do these rows first, then look all the same.
  schema: z.strictObject({ outboxIds: z.array(z.uuid()).min(1).optional() }),
  // The sweeper is the real retry; these bridge a restart of the database.
  attempts: 5,
  backoffMs: 500,
  // Each place has one redeemer at a time and keeps one connection and one core of the database busy.
  concurrency: 2,
  // The outbox remembers what is not done, and its row is published again under the same id.
  forgetsFailed: true,
});
