import { z } from 'zod';
import type { Page } from '../http/page.js';
import { instantResponse, pageResponse } from '../http/schemas.js';
import type { ParkedRow } from './parked-work.repository.js';

export const parkedWork = z
  .object({
    id: z.uuid(),
    topic: z.string().describe('What kind of work it is.'),
    partnerId: z
      .uuid()
      .nullable()
      .describe('Whose facts it is about; null when it is not about those of one partner.'),
    facts: z.int().describe('How many facts wait in it.'),
    references: z.record(z.string(), z.unknown()).describe('The facts, by their ids.'),
    attempts: z.int(),
    failure: z.string().describe('Why it failed the last time.'),
    createdAt: instantResponse(),
  })
  .meta({ id: 'ParkedWork' });

export const parkedWorkPage = pageResponse(parkedWork).meta({ id: 'ParkedWorkPage' });
export type ParkedWorkPage = z.infer<typeof parkedWorkPage>;

export const retriedResponse = z.object({ retried: z.int() }).meta({ id: 'RetriedWork' });
export type RetriedResponse = z.infer<typeof retriedResponse>;

export function toParkedWorkPage({ items, nextCursor }: Page<ParkedRow>): ParkedWorkPage {
  return {
    items: items.map(({ redeemerPartnerId, payload, createdAt, ...row }) => ({
      ...row,
      partnerId: redeemerPartnerId,
      references: payload as Record<string, unknown>,
      createdAt: createdAt.toISOString(),
    })),
    nextCursor,
  };
}
