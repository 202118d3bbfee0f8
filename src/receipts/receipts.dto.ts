import { z } from 'zod';
import { problemSchema, toProblem } from '../platform/http/problem.js';
import { customerDetails, instant, money, text, uuid } from '../platform/http/schemas.js';
import type { ReceiptResult } from './domain/settle-receipts.js';

const receiptRequest = z
  .strictObject({
    externalId: text(100).describe("The till's own id of this receipt: the same id is never counted twice"),
    channelId: uuid(),
    number: text(100),
    occurredAt: instant(),
    total: money().describe('What was charged'),
    costOfGoods: money().optional(),
    customer: customerDetails().optional(),
  })
  .meta({ id: 'ReceiptRequest' });

export const receiptBatchRequest = z
  .strictObject({ items: z.array(receiptRequest).min(1).max(1_000) })
  .meta({ id: 'ReceiptBatchRequest' });
export type ReceiptBatchRequest = z.output<typeof receiptBatchRequest>;

const storedReceipt = z
  .object({
    externalId: z.string(),
    id: z.uuid(),
    status: z.literal('stored'),
    replayed: z.literal(true).optional().describe('It had been stored before'),
  })
  .meta({ id: 'StoredReceipt' });
const refusedReceipt = z
  .object({ externalId: z.string(), error: problemSchema })
  .meta({ id: 'RefusedReceipt' });

export const receiptBatchResponse = z
  .object({ results: z.array(z.union([storedReceipt, refusedReceipt])) })
  .meta({ id: 'ReceiptBatchAnswer' });
export type ReceiptBatchResponse = z.infer<typeof receiptBatchResponse>;

export function toReceiptBatchResponse(results: readonly ReceiptResult[]): ReceiptBatchResponse {
  return { results: results.map(toItem) };
}

function toItem(result: ReceiptResult): ReceiptBatchResponse['results'][number] {
  const { externalId } = result;
  if (result.kind === 'fault') return { externalId, error: toProblem(result.error) };
  return { externalId, id: result.id, status: 'stored', ...(result.replayed && { replayed: true }) };
}
