import { z } from 'zod';
import { type Page } from '../platform/http/page.js';
import {
  country,
  currency,
  instantResponse,
  pageResponse,
  text,
  timeZone,
} from '../platform/http/schemas.js';
import type { Partner } from './partner.repository.js';

const industry = () => text(100).nullable();
const priceSegment = () => text(60).nullable();

export const createPartnerRequest = z
  .strictObject({
    name: text(200),
    country: country(),
    currency: currency(),
    timeZone: timeZone(),
    industry: industry().default(null),
    priceSegment: priceSegment().default(null),
  })
  .meta({ id: 'CreatePartner' });
export type CreatePartnerRequest = z.infer<typeof createPartnerRequest>;

/** The currency is named here only to be refused with a sentence. */
export const changePartnerRequest = z
  .strictObject({
    name: text(200).optional(),
    country: country().optional(),
    currency: currency().optional().describe('Cannot be changed: any value is refused with 422.'),
    timeZone: timeZone().optional(),
    industry: industry().optional(),
    priceSegment: priceSegment().optional(),
  })
  .meta({ id: 'ChangePartner' });
export type ChangePartnerRequest = z.infer<typeof changePartnerRequest>;

export const partnerResponse = z
  .object({
    id: z.uuid(),
    name: z.string(),
    country: z.string(),
    currency: z.string(),
    timeZone: z.string(),
    industry: z.string().nullable(),
    priceSegment: z.string().nullable(),
    createdAt: instantResponse(),
  })
  .meta({ id: 'Partner' });
export type PartnerResponse = z.infer<typeof partnerResponse>;

export const partnerPageResponse = pageResponse(partnerResponse).meta({ id: 'PartnerPage' });
export type PartnerPageResponse = z.infer<typeof partnerPageResponse>;

export function toPartnerResponse(partner: Partner): PartnerResponse {
  const { version: _version, createdAt, ...rest } = partner;
  return { ...rest, createdAt: createdAt.toISOString() };
}

export function toPartnerPage(page: Page<Partner>): PartnerPageResponse {
  return { items: page.items.map(toPartnerResponse), nextCursor: page.nextCursor };
}
