import { z } from 'zod';
import { formatMoney, type Money } from '../kernel/money.js';
import { OVER_LIMIT_BEARERS } from '../campaigns/domain/offer-state.js';
import type { Reward } from '../campaigns/domain/reward.js';
import { toRewardJson } from '../campaigns/domain/reward-json.js';
import {
  count,
  customerDetails,
  instant,
  instantResponse,
  money,
  moneyResponse,
  pageQuery,
  pageResponse,
  text,
  uuid,
} from '../platform/http/schemas.js';
import { problemSchema } from '../platform/http/problem.js';
import { REFUSAL_REASONS } from './domain/refusal-reason.js';

const receipt = z.strictObject({
  number: text(100),
  subtotal: money().meta({
    description:
      "Before this promo's discount, in the campaign's currency or the partner's own. 422 `currency.no-rate`: the terms need an " +
      'exchange rate of that day and there is none; nothing is stored, post it again later',
  }),
  costOfGoods: money().optional(),
});

/** A code may hold any script, spaces and dashes; what it means is decided later. */
const typedCode = z.string().min(1).max(200);

export const validationRequest = z
  .strictObject({
    code: typedCode,
    channelId: uuid(),
    receipt: receipt.optional(),
    customer: customerDetails().optional(),
  })
  .meta({ id: 'ValidationRequest' });
export type ValidationRequest = z.output<typeof validationRequest>;

export const redemptionRequest = z
  .strictObject({
    externalId: text(100).meta({
      description: "The till's own id of this attempt: the same id is never counted twice",
    }),
    code: typedCode,
    channelId: uuid(),
    occurredAt: instant().meta({
      description:
        "By the till's clock. More than five minutes ahead of ours it is refused as occurred.in-future, " +
        'more than a day ahead it is an error',
    }),
    receipt,
    discount: money()
      .optional()
      .meta({ description: 'What the till really took off; absent, it is the computed reward' }),
    customer: customerDetails().optional(),
    customerStatus: z.enum(['new', 'returning', 'unknown']).optional(),
    clerk: text(100).optional(),
    reservationId: uuid()
      .optional()
      .meta({ description: 'The reservation that kept a use for this customer' }),
    clickId: uuid()
      .optional()
      .meta({ description: 'The tandem_click that the link which brought the customer carried' }),
    offline: z.boolean().optional().meta({ description: 'The till decided alone and reports afterwards' }),
  })
  .superRefine(({ receipt: { subtotal, costOfGoods }, discount }, context) => {
    const sameCurrency = (amount: Money | undefined, path: string[]) => {
      if (amount && amount.currency !== subtotal.currency) {
        context.addIssue({
          code: 'custom',
          path: [...path, 'currency'],
          message: 'must be the currency of the subtotal',
        });
      }
    };
    sameCurrency(costOfGoods, ['receipt', 'costOfGoods']);
    sameCurrency(discount, ['discount']);
    if (discount && discount.minor > subtotal.minor) {
      context.addIssue({
        code: 'custom',
        path: ['discount', 'amount'],
        message: 'must not be more than the subtotal',
      });
    }
  })
  .meta({ id: 'RedemptionRequest' });
export type RedemptionRequest = z.output<typeof redemptionRequest>;

/** Items are checked one by one, so that one faulty item does not refuse the upload of a day. */
export const redemptionBatchRequest = z
  .strictObject({
    items: z
      .array(z.unknown().meta({ $ref: '#/components/schemas/RedemptionRequest' }))
      .min(1)
      .max(1_000),
  })
  .meta({ id: 'RedemptionBatchRequest' });
export type RedemptionBatchRequest = z.output<typeof redemptionBatchRequest>;

export const rewardResponse = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('percent'), value: z.string() }),
    z.object({ kind: z.literal('amount'), value: moneyResponse() }),
    z.object({ kind: z.literal('gift'), label: z.string(), unitCost: moneyResponse().optional() }),
    z.object({ kind: z.literal('bonus_points'), value: z.int() }),
  ])
  .meta({ id: 'Reward' });

const reason = z.enum(REFUSAL_REASONS).meta({ id: 'RefusalReason' });
const outcome = {
  reason: reason.optional(),
  message: z
    .string()
    .optional()
    .meta({ description: 'A sentence for the clerk, in the language of Accept-Language (en, ru)' }),
  reward: rewardResponse.nullable(),
  discount: moneyResponse().nullable(),
};

const hint = z
  .string()
  .optional()
  .meta({
    description:
      'With code.unknown: the one code word that differs in one character from what was entered; ask the customer for it',
    examples: ['GYM10'],
  });

export const validationResponse = z
  .object({ valid: z.boolean(), ...outcome, hint })
  .meta({ id: 'Validation' });
export type ValidationResponse = z.infer<typeof validationResponse>;

export const redemptionResponse = z
  .object({
    id: z.uuid(),
    externalId: z.string(),
    status: z.enum(['accepted', 'refused']),
    ...outcome,
    hint,
    honouredOverLimit: z
      .literal(true)
      .optional()
      .meta({ description: 'A limit was reached, but the offline till had given the reward already' }),
    overLimitBearer: z
      .enum(OVER_LIMIT_BEARERS)
      .optional()
      .meta({ description: 'Only with honouredOverLimit: who bears the discount, by the terms' }),
    campaignId: z.uuid().nullable(),
    offerId: z.uuid().nullable(),
  })
  .meta({ id: 'RedemptionAnswer' });
export type RedemptionResponse = z.infer<typeof redemptionResponse>;

export const redemptionBatchResponse = z
  .object({
    results: z.array(
      z.union([redemptionResponse, z.object({ externalId: z.string().nullable(), error: problemSchema })]),
    ),
  })
  .meta({ id: 'RedemptionBatchAnswer' });
export type RedemptionBatchResponse = z.infer<typeof redemptionBatchResponse>;

export const redemptionQuery = pageQuery.extend({
  campaign: uuid().optional(),
  channel: uuid().optional(),
  status: z.enum(['accepted', 'refused']).optional(),
  reason: reason.optional(),
  from: instant().optional(),
  to: instant().optional(),
});
export type RedemptionQuery = z.output<typeof redemptionQuery>;

const onlyForRedeemer = 'Only for the redeemer and the operator';
export const recordedRedemption = redemptionResponse
  .omit({ hint: true })
  .extend({
    externalId: z.string().optional().meta({ description: onlyForRedeemer }),
    redeemerPartnerId: z.uuid(),
    channelId: z.uuid(),
    placementId: z.uuid().nullable(),
    termsVersion: count().nullable(),
    occurredAt: instantResponse(),
    receivedAt: instantResponse(),
    recordedAt: instantResponse(),
    offline: z.boolean(),
    reversed: z.boolean().meta({
      description:
        'Fully: nothing is left. In part when it is false and reversedDiscount or reversedAmount is more than 0',
    }),
    reversedDiscount: moneyResponse().meta({ description: 'The part of the discount that was given back' }),
    leakedDiscount: moneyResponse()
      .optional()
      .meta({ description: 'What the till took off although the code was refused' }),
    subtotal: moneyResponse().optional().meta({ description: onlyForRedeemer }),
    reversedAmount: moneyResponse()
      .optional()
      .meta({ description: `What was given back of what was paid. ${onlyForRedeemer}` }),
    code: z
      .string()
      .optional()
      .meta({ description: `As typed. ${onlyForRedeemer}` }),
    receiptNumber: z.string().optional().meta({ description: onlyForRedeemer }),
    clerk: z.string().nullable().optional().meta({ description: onlyForRedeemer }),
  })
  .meta({ id: 'Redemption' });
export type RecordedRedemptionResponse = z.infer<typeof recordedRedemption>;
export const redemptionPage = pageResponse(recordedRedemption).meta({ id: 'RedemptionPage' });

export function toMoneyResponse(minor: bigint, currency: string): { amount: string; currency: string } {
  return { amount: formatMoney({ minor, currency }), currency };
}

export function toRewardResponse(reward: Reward | null): z.infer<typeof rewardResponse> | null {
  return reward && toRewardJson(reward);
}
