import { z } from 'zod';
import { instant, text } from '../platform/http/schemas.js';

export const reversalRequest = z
  .strictObject({
    externalId: text(100).meta({ description: "The till's own id of this reversal" }),
    redemptionExternalId: text(100),
    reason: text(200).meta({ examples: ['returned goods'] }),
    occurredAt: instant(),
  })
  .meta({ id: 'ReversalRequest' });
export type ReversalRequest = z.output<typeof reversalRequest>;

export const reversalResponse = z
  .object({
    id: z.uuid(),
    externalId: z.string(),
    redemptionExternalId: z.string(),
    status: z
      .enum(['applied', 'pending'])
      .meta({ description: 'pending: the redemption has not arrived yet; applied when it comes' }),
    useReturned: z
      .boolean()
      .optional()
      .meta({ description: 'Whether the code may be used once more, by the policy of the campaign' }),
  })
  .meta({ id: 'Reversal' });
export type ReversalResponse = z.infer<typeof reversalResponse>;
