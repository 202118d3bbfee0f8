import { z } from 'zod';
import type { Page } from '../platform/http/page.js';
import { customerDetails, instantResponse, pageResponse, uuid } from '../platform/http/schemas.js';
import type { Erasure } from './erasure.repository.js';

export const erasureRequest = z
  .strictObject({
    partnerId: uuid().optional().meta({ description: 'Whose customer it is; for the operator only' }),
    customer: customerDetails(),
  })
  .meta({ id: 'NewErasure' });
export type ErasureRequestBody = z.output<typeof erasureRequest>;

export const erasureResponse = z
  .object({
    id: z.uuid(),
    partnerId: z.uuid(),
    status: z.enum(['pending', 'done']),
    requestedByKeyId: z.string(),
    requestedAt: instantResponse(),
    finishedAt: instantResponse().nullable(),
    rows: z
      .object({
        redemptions: z.int(),
        receipts: z.int(),
        issuances: z.int(),
        reservations: z.int(),
        touches: z.int(),
      })
      .meta({ description: "The partner's own rows that led to the customer and do so no longer" }),
  })
  .meta({ id: 'Erasure' });
export type ErasureResponse = z.output<typeof erasureResponse>;

export const erasurePage = pageResponse(erasureResponse).meta({ id: 'ErasurePage' });
export type ErasurePage = z.output<typeof erasurePage>;

export function toErasureResponse(erasure: Erasure): ErasureResponse {
  const { id, partnerId, requestedByKeyId, requestedAt, finishedAt } = erasure;
  const { redemptions, receipts, issuances, reservations, touches } = erasure;
  return {
    ...{ id, partnerId, status: finishedAt ? 'done' : 'pending', requestedByKeyId },
    requestedAt: requestedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    rows: { redemptions, receipts, issuances, reservations, touches },
  };
}

export function toErasurePage(page: Page<Erasure>): ErasurePage {
  return { ...page, items: page.items.map(toErasureResponse) };
}
