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
  version: 1,
  schema: z.strictObject({ outboxIds: z.array(z.uuid()).min(1) }),
  // The sweeper is the real retry; these bridge a restart of the database.
  attempts: 5,
  backoffMs: 500,
  // Jobs of one redeemer wait for each other while they hold a connection: two keep one busy and one on its way.
  concurrency: 2,
});
