import { z } from 'zod';
import { instantResponse } from '../platform/http/schemas.js';
import type { ClerkLanguage } from '../kernel/clerk-language.js';
import { toValidationResponse } from './redemption-mapping.js';
import { validationRequest, validationResponse } from './redemptions.dto.js';
import type { ReservationAnswer } from './reserve.service.js';

/** A day: longer than any sale takes, short enough that a forgotten hold does no harm. */
const LONGEST_SECONDS = 24 * 60 * 60;

export const reservationRequest = validationRequest
  .extend({ ttlSeconds: z.int().min(1).max(LONGEST_SECONDS).default(600) })
  .meta({ id: 'ReservationRequest' });
export type ReservationRequest = z.output<typeof reservationRequest>;

export const reservationResponse = validationResponse
  .extend({
    id: z
      .uuid()
      .nullable()
      .meta({ description: 'Goes into `reservationId` of the redemption; null when refused' }),
    expiresAt: instantResponse().nullable(),
    campaignId: z.uuid().nullable(),
    offerId: z.uuid().nullable(),
  })
  .meta({ id: 'Reservation' });
export type ReservationResponse = z.infer<typeof reservationResponse>;

export function toReservationResponse(
  answer: ReservationAnswer,
  language: ClerkLanguage,
): ReservationResponse {
  const { held, campaignId, offerId } = answer;
  return {
    ...toValidationResponse(answer, language),
    id: held?.id ?? null,
    expiresAt: held && new Date(held.expiresAt).toISOString(),
    campaignId,
    offerId,
  };
}
