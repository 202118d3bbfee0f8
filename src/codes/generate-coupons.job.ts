import { z } from 'zod';
import { defineJob } from '../platform/queue/job-contract.js';

/** Topic of the outbox rows that name a coupon batch to be made. */
export const COUPONS_TOPIC = 'coupons';

/** Payload of such a row. */
export const couponBatchRef = z.strictObject({ batchId: z.uuid() });

/** Makes one batch: the row stays until its last coupon is stored. */
export const generateCoupons = defineJob({
  queue: 'coupons',
  name: 'generate-coupons',
  version: 1,
  schema: z.strictObject({ outboxId: z.uuid() }),
  // The sweeper is the real retry; these bridge a restart of the database.
  attempts: 5,
  backoffMs: 1_000,
  // A batch keeps one connection busy; the others belong to the tills.
  concurrency: 1,
  // The outbox remembers what is not done, and its row is published again under the same id.
  forgetsFailed: true,
});
