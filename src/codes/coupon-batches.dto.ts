import { z } from 'zod';
import { instantResponse, text } from '../platform/http/schemas.js';
import { conditionsRequest, conditionsResponse, toConditionsResponse } from './codes.dto.js';
import type { CouponBatch } from './coupon-batch.repository.js';
import { DEFAULT_COUPON_PATTERN } from './domain/coupon-pattern.js';

/** What one order may ask for; more is ordered in several batches. */
const MAX_QUANTITY = 1_000_000;

export const couponOrderRequest = z
  .strictObject({
    quantity: z.int().min(1).max(MAX_QUANTITY),
    pattern: text(200)
      .nullable()
      .default(null)
      .describe(`# is a random character, the check character is added. Unset: ${DEFAULT_COUPON_PATTERN}`)
      .meta({ examples: ['CAFE-####-####-##'] }),
    ...conditionsRequest,
  })
  .meta({ id: 'CouponOrder' });
export type CouponOrderRequest = z.output<typeof couponOrderRequest>;

export const couponBatchResponse = z
  .object({
    id: z.uuid(),
    offerId: z.uuid(),
    quantity: z.int(),
    generated: z.int(),
    status: z.enum(['queued', 'generating', 'done', 'failed']),
    failure: z.string().nullable(),
    pattern: z.string(),
    ...conditionsResponse,
    finishedAt: instantResponse().nullable(),
  })
  .meta({ id: 'CouponBatch' });
export type CouponBatchResponse = z.output<typeof couponBatchResponse>;

export function toCouponBatchResponse(batch: CouponBatch): CouponBatchResponse {
  return {
    id: batch.id,
    offerId: batch.offerId,
    quantity: batch.quantity,
    generated: batch.generated,
    status: batch.status,
    failure: batch.failure,
    pattern: batch.pattern,
    ...toConditionsResponse(batch),
    finishedAt: batch.finishedAt?.toISOString() ?? null,
  };
}
