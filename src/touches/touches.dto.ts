import { z } from 'zod';
import { invalidRequest } from '../kernel/errors.js';
import { problemSchema, toProblem } from '../platform/http/problem.js';
import { toFieldErrors } from '../platform/http/request-validation.pipe.js';
import { customerDetails, instant, text, uuid } from '../platform/http/schemas.js';
import type { TouchFault, TouchResult } from './domain/settle-touches.js';
import { TOUCH_KINDS, type TouchInput } from './domain/touch.js';

const touchRequest = z.strictObject({
  externalId: text(100).describe("The poster's own id of this touch: the same id is never counted twice"),
  placementId: uuid(),
  kind: z.enum(TOUCH_KINDS),
  occurredAt: instant().describe('At most 24 hours in the future'),
  customer: customerDetails().optional(),
});

const { $schema: _, ...shapeOfTouch } = z.toJSONSchema(touchRequest, { io: 'input', unrepresentable: 'any' });

/** Items are checked one by one, so that one faulty item does not refuse the others. */
export const touchBatchRequest = z
  .strictObject({
    items: z
      .array(z.unknown().meta({ ...shapeOfTouch, id: 'TouchRequest' }))
      .min(1)
      .max(1_000),
  })
  .meta({ id: 'TouchBatchRequest' });
export type TouchBatchRequest = z.output<typeof touchBatchRequest>;

const storedTouch = z
  .object({
    externalId: z.string(),
    id: z.uuid(),
    status: z.literal('stored'),
    replayed: z.literal(true).optional().describe('It had been stored before'),
  })
  .meta({ id: 'StoredTouch' });
const refusedTouch = z
  .object({ externalId: z.string().nullable(), error: problemSchema })
  .meta({ id: 'RefusedTouch' });

export const touchBatchResponse = z
  .object({ results: z.array(z.union([storedTouch, refusedTouch])) })
  .meta({ id: 'TouchBatchAnswer' });
export type TouchBatchResponse = z.infer<typeof touchBatchResponse>;

/** One raw item of a batch: what it says, or why it says nothing. */
export function parseTouch(item: unknown): TouchInput | TouchFault {
  const parsed = touchRequest.safeParse(item);
  if (parsed.success) return parsed.data;
  const given = (item as { externalId?: unknown } | null)?.externalId;
  const externalId = typeof given === 'string' ? given : null;
  return { kind: 'fault', externalId, error: invalidRequest(toFieldErrors(parsed.error.issues)) };
}

export function toTouchBatchResponse(results: readonly TouchResult[]): TouchBatchResponse {
  return { results: results.map(toItem) };
}

function toItem(result: TouchResult): TouchBatchResponse['results'][number] {
  const { externalId } = result;
  if (result.kind === 'fault') return { externalId, error: toProblem(result.error) };
  return {
    externalId: result.externalId,
    id: result.id,
    status: 'stored',
    ...(result.replayed && { replayed: true }),
  };
}
