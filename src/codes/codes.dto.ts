import { z } from 'zod';
import { instantResponse, localDateText, text, uuid } from '../platform/http/schemas.js';
import { toCodeDays } from './domain/code-period.js';
import { DEFAULT_PLACEMENT } from './placement.repository.js';

/** What requests and answers about code words and about coupon batches share. */

const placementRequest = z
  .strictObject({
    channelId: uuid().nullable().default(null).describe('A channel of the issuer'),
    label: text(100).or(z.literal('')).default(''),
  })
  .meta({ examples: [{ channelId: null, label: 'flyer at reception' }] });

export const conditionsRequest = {
  placement: placementRequest
    .nullable()
    .default(DEFAULT_PLACEMENT)
    .transform((named) => named ?? DEFAULT_PLACEMENT),
  startsOn: localDateText().nullable().default(null).describe("First day, in the campaign's time zone"),
  expiresOn: localDateText().nullable().default(null).describe('Last day, to its end'),
};

const placementResponse = z
  .object({ id: z.uuid(), channelId: z.uuid().nullable(), label: z.string() })
  .meta({ id: 'Placement' });

export const conditionsResponse = {
  placement: placementResponse,
  startsOn: z.iso.date().nullable(),
  expiresOn: z.iso.date().nullable(),
  revokedAt: instantResponse().nullable(),
  createdAt: instantResponse(),
};

/** What `conditionsResponse` describes, as it is kept. */
interface KeptConditions {
  readonly placement: z.output<typeof placementResponse>;
  readonly startsAt: number | null;
  readonly expiresAt: number | null;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
  readonly timeZone: string;
}

export function toConditionsResponse(kept: KeptConditions) {
  return {
    placement: kept.placement,
    ...toCodeDays(kept, kept.timeZone),
    revokedAt: kept.revokedAt?.toISOString() ?? null,
    createdAt: kept.createdAt.toISOString(),
  };
}
