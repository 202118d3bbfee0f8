import { z } from 'zod';
import { type Money, parseMoney } from '../kernel/money.js';
import { currency, localDateText, money, uuid } from '../platform/http/schemas.js';
import type { ReceiptTotal } from './domain/check-receipt-totals.js';

/** Older than any campaign: an earlier date is a typing error. */
const FIRST_DATE = '2000-01-01';

/** Like `money()`, and a loss may be said too. */
const profit = () =>
  z
    .strictObject({
      amount: z
        .string()
        .max(24)
        .meta({ examples: ['-12.30'] }),
      currency: currency(),
    })
    .transform((value, context): Money => {
      try {
        return parseMoney(value.amount, value.currency);
      } catch (error) {
        const message = error instanceof Error ? error.message : 'is not an amount';
        context.addIssue({ code: 'custom', path: ['amount'], message });
        return z.NEVER;
      }
    });

const receiptTotal = z
  .strictObject({
    channelId: uuid(),
    date: localDateText()
      .refine((date) => date >= FIRST_DATE, `must not be before ${FIRST_DATE}`)
      .describe("Local date in the channel's time zone"),
    receipts: z.int().min(0).max(2_147_483_647),
    revenue: money(),
    profit: profit().optional().describe('May be negative'),
  })
  .meta({ id: 'ReceiptTotal' });

export const receiptTotalsRequest = z
  .strictObject({ items: z.array(receiptTotal).min(1).max(1_000) })
  .superRefine(({ items }, context) => {
    const seen = new Set<string>();
    items.forEach(({ channelId, date }, index) => {
      const key = `${channelId}/${date}`;
      if (seen.has(key)) {
        context.addIssue({
          code: 'custom',
          path: ['items', index],
          message: 'this channel and date came before',
        });
      }
      seen.add(key);
    });
  })
  .meta({ id: 'ReceiptTotalsRequest' });
export type ReceiptTotalsRequest = z.output<typeof receiptTotalsRequest>;

export const receiptTotalsResponse = z
  .object({
    results: z.array(z.object({ channelId: z.uuid(), date: z.iso.date(), status: z.literal('stored') })),
  })
  .meta({ id: 'ReceiptTotalsAnswer' });
export type ReceiptTotalsResponse = z.infer<typeof receiptTotalsResponse>;

export function toReceiptTotalsResponse(totals: readonly ReceiptTotal[]): ReceiptTotalsResponse {
  return { results: totals.map(({ channelId, date }) => ({ channelId, date, status: 'stored' })) };
}
