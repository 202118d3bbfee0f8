import { z } from 'zod';
import { instant, money, moneyResponse, text } from '../platform/http/schemas.js';
import { toMoneyResponse } from './redemptions.dto.js';
import type { ReversalAnswer } from './reverse.service.js';

export const reversalRequest = z
  .strictObject({
    externalId: text(100).meta({ description: "The till's own id of this reversal" }),
    redemptionExternalId: text(100),
    amount: money().optional().meta({
      description:
        'The part of what was paid (subtotal minus the discount of this redemption) that is given back. Absent: all that is left',
    }),
    reason: text(200).meta({ examples: ['returned goods'] }),
    occurredAt: instant(),
  })
  .superRefine(({ amount }, context) => {
    if (amount?.minor !== 0n) return;
    context.addIssue({ code: 'custom', path: ['amount', 'amount'], message: 'must be more than 0' });
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
    obstacle: z.enum(['redemption.not-accepted', 'currency.mismatch']).optional().meta({
      description:
        'Why a pending reversal will not be applied: its redemption came and was refused, or is in another currency',
    }),
    amount: moneyResponse().optional().meta({ description: 'As posted' }),
    appliedAmount: moneyResponse().optional().meta({
      description:
        'What was given back. Less than the amount when it waited and less was left when its redemption came',
    }),
    appliedDiscount: moneyResponse()
      .optional()
      .meta({ description: 'The part of the discount that went back with it' }),
    remaining: moneyResponse()
      .optional()
      .meta({ description: 'What this reversal left for later ones to give back' }),
    useReturned: z.boolean().optional().meta({
      description:
        'Whether the code may be used once more: only with the reversal that leaves nothing, by the policy of the campaign',
    }),
  })
  .meta({ id: 'Reversal' });
export type ReversalResponse = z.infer<typeof reversalResponse>;

export function toReversalResponse(answer: ReversalAnswer): ReversalResponse {
  const { id, externalId, redemptionExternalId, amount, application, obstacle } = answer;
  const posted = amount && { amount: toMoneyResponse(amount.minor, amount.currency) };
  const common = { id, externalId, redemptionExternalId };
  if (application === null) return { ...common, status: 'pending', ...(obstacle && { obstacle }), ...posted };
  const { currency, net, discount, remaining, useReturned } = application;
  return {
    ...common,
    status: 'applied',
    ...posted,
    appliedAmount: toMoneyResponse(net, currency),
    appliedDiscount: toMoneyResponse(discount, currency),
    remaining: toMoneyResponse(remaining, currency),
    useReturned,
  };
}
