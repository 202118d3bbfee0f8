import { z } from 'zod';
import type { Page } from '../platform/http/page.js';
import {
  instantResponse,
  localDateText,
  money,
  moneyResponse,
  pageResponse,
  text,
  uuid,
} from '../platform/http/schemas.js';
import type { CostEntry } from './cost-entry.repository.js';
import { toMoneyJson } from './domain/reward-json.js';

export const costEntryRequest = z
  .strictObject({
    /** Free words, but one spelling of each: reports add up by category. */
    category: text(60).toLowerCase(),
    payerPartnerId: uuid(),
    amount: money().meta({
      description: "In any currency; another one than the campaign's is converted at the rate of incurredOn",
    }),
    incurredOn: localDateText(),
    planned: z.boolean().default(false),
    note: text(500).nullable().default(null),
  })
  .meta({ id: 'NewCostEntry' });
export type CostEntryRequest = z.output<typeof costEntryRequest>;

export const costEntryResponse = z
  .object({
    id: z.uuid(),
    campaignId: z.uuid(),
    category: z.string(),
    payerPartnerId: z.uuid(),
    amount: moneyResponse(),
    incurredOn: z.iso.date(),
    planned: z.boolean(),
    note: z.string().nullable(),
    recordedAt: instantResponse(),
  })
  .meta({ id: 'CostEntry' });
export type CostEntryResponse = z.output<typeof costEntryResponse>;

export const costEntryPage = pageResponse(costEntryResponse);
export type CostEntryPage = z.output<typeof costEntryPage>;

export function toCostEntryResponse(entry: CostEntry): CostEntryResponse {
  return { ...entry, amount: toMoneyJson(entry.amount), recordedAt: entry.recordedAt.toISOString() };
}

export function toCostEntryPage(page: Page<CostEntry>): CostEntryPage {
  return { ...page, items: page.items.map(toCostEntryResponse) };
}
