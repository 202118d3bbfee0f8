import { z } from 'zod';
import type { CustomerSummary } from './customer-summary.service.js';

const coarseCount = z.union([
  z.object({ value: z.string(), unit: z.literal('count') }),
  z.object({ undefined: z.literal('too-few-customers') }),
]);

export const customerSummaryResponse = z
  .object({
    campaignId: z.uuid(),
    before: z.iso.date().meta({ description: 'What was recorded on this day or later is not counted' }),
    customers: coarseCount,
    customersAcrossPartners: coarseCount.meta({
      description: 'Customers whom at least two participants have seen, by phone number or mailbox',
    }),
  })
  .meta({ id: 'CustomerSummary' });
export type CustomerSummaryResponse = z.output<typeof customerSummaryResponse>;

export function toCustomerSummaryResponse(
  campaignId: string,
  summary: CustomerSummary,
): CustomerSummaryResponse {
  return {
    campaignId,
    before: summary.before,
    customers: toCount(summary.customers),
    customersAcrossPartners: toCount(summary.acrossPartners),
  };
}

function toCount(count: bigint | null): z.output<typeof coarseCount> {
  return count === null ? { undefined: 'too-few-customers' } : { value: String(count), unit: 'count' };
}
