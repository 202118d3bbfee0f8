import { z } from 'zod';
import { compareRatio, parseRatio, ratio } from '../kernel/ratio.js';
import { count, money, moneyResponse, text, uuid } from '../platform/http/schemas.js';
import type { Money } from '../kernel/money.js';
import { type IssuanceTerms, type Offer, type OfferConditions, PLAIN_ISSUANCE } from './domain/agreement.js';
import type { OfferChange, ProposedOffer } from './domain/amend-agreement.js';
import type { Reward } from './domain/reward.js';
import { PERCENT_DECIMALS, toMoneyJson, toRewardJson } from './domain/reward-json.js';

const DECIMAL = new RegExp(`^\\d{1,3}(\\.\\d{1,${PERCENT_DECIMALS}})?$`);
const NOTHING = ratio(0n, 1n);
const EVERYTHING = ratio(100n, 1n);

/** "10" means 10 %. */
const percentage = () =>
  z
    .string()
    .regex(DECIMAL, `must be a decimal such as "12.5" with at most ${PERCENT_DECIMALS} decimals`)
    .transform(parseRatio)
    .refine(
      (value) => compareRatio(value, NOTHING) > 0 && compareRatio(value, EVERYTHING) <= 0,
      'must be more than 0 and at most 100',
    );

const positiveMoney = () => money().refine(({ minor }) => minor > 0n, 'must be more than 0');

const rewardRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('percent'), value: percentage() }),
  z.strictObject({ kind: z.literal('amount'), value: positiveMoney() }),
  z.strictObject({ kind: z.literal('gift'), label: text(200), unitCost: money().nullable().default(null) }),
  z.strictObject({ kind: z.literal('bonus_points'), value: count() }),
]) satisfies z.ZodType<Reward>;

const rewardResponse = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('percent'), value: z.string() }),
    z.object({ kind: z.literal('amount'), value: moneyResponse() }),
    z.object({ kind: z.literal('gift'), label: z.string(), unitCost: moneyResponse().optional() }),
    z.object({ kind: z.literal('bonus_points'), value: z.int() }),
  ])
  .meta({ id: 'Reward' });

/** As long as the longest campaign: some hundred years. */
const MAX_VALID_DAYS = 36_500;

const issuanceRequest = z
  .strictObject({
    minimumReceipt: positiveMoney()
      .nullable()
      .default(null)
      .describe('The total from which a receipt earns a coupon; unset, no receipt is needed'),
    ceiling: count().nullable().default(null).describe('Coupons that may be issued in all; unset, 1,000,000'),
    validDays: z
      .int()
      .min(0)
      .max(MAX_VALID_DAYS)
      .nullable()
      .default(null)
      .describe(
        'Days after its issuance until whose end the coupon is taken; unset, as long as the campaign takes codes',
      ),
  })
  .nullable()
  .transform((terms): IssuanceTerms => terms ?? PLAIN_ISSUANCE);

const limits = {
  minimumSpend: money().nullable(),
  maximumDiscount: money().nullable(),
  perCodeLimit: count().nullable(),
  perCustomerLimit: count().nullable(),
  totalLimit: count().nullable(),
  dailyLimit: count().nullable(),
  issuance: issuanceRequest,
};
const NO_LIMITS: Omit<OfferConditions, 'reward'> = {
  minimumSpend: null,
  maximumDiscount: null,
  perCodeLimit: null,
  perCustomerLimit: null,
  totalLimit: null,
  dailyLimit: null,
  issuance: PLAIN_ISSUANCE,
};
const optionalLimits = z.strictObject(limits).partial();

export const newOfferRequest = z
  .strictObject({ issuerPartnerId: uuid(), redeemerPartnerId: uuid(), reward: rewardRequest })
  .extend(optionalLimits.shape)
  .transform(({ issuerPartnerId, redeemerPartnerId, ...conditions }): ProposedOffer => {
    return { issuerPartnerId, redeemerPartnerId, conditions: { ...NO_LIMITS, ...conditions } };
  });

const PARTIES = ['issuerPartnerId', 'redeemerPartnerId'] as const;
const NEEDED = [...PARTIES, 'reward'] as const;

/** An offer with an id is changed; one without is added, and has to be complete. */
export const patchedOfferRequest = z
  .strictObject({ id: uuid(), issuerPartnerId: uuid(), redeemerPartnerId: uuid(), reward: rewardRequest })
  .partial()
  .extend(optionalLimits.shape)
  .superRefine((offer, context) => {
    const faults =
      offer.id === undefined
        ? NEEDED.filter((field) => offer[field] === undefined)
        : PARTIES.filter((field) => offer[field] !== undefined);
    const message =
      offer.id === undefined ? 'is needed for a new offer' : 'cannot change; add another offer instead';
    for (const field of faults) context.addIssue({ code: 'custom', path: [field], message });
  })
  .transform(({ id, issuerPartnerId, redeemerPartnerId, reward, ...others }): OfferChange | ProposedOffer => {
    if (id !== undefined) return { id, conditions: { ...others, ...(reward && { reward }) } };
    // The refinement has refused an offer without these; TypeScript cannot know.
    if (!issuerPartnerId || !redeemerPartnerId || !reward) return z.NEVER;
    return { issuerPartnerId, redeemerPartnerId, conditions: { ...NO_LIMITS, ...others, reward } };
  });

export const offerResponse = z
  .object({
    id: z.uuid(),
    issuerPartnerId: z.uuid(),
    redeemerPartnerId: z.uuid(),
    reward: rewardResponse,
    minimumSpend: moneyResponse().nullable(),
    maximumDiscount: moneyResponse().nullable(),
    perCodeLimit: z.int().nullable(),
    perCustomerLimit: z.int().nullable(),
    totalLimit: z.int().nullable(),
    dailyLimit: z.int().nullable(),
    issuance: z.object({
      minimumReceipt: moneyResponse().nullable(),
      ceiling: z.int().nullable(),
      validDays: z.int().nullable(),
    }),
  })
  .meta({ id: 'Offer' });

type OfferResponse = z.output<typeof offerResponse>;

export function toOfferResponse({
  id,
  issuerPartnerId,
  redeemerPartnerId,
  conditions,
}: Offer): OfferResponse {
  const { reward, minimumSpend, maximumDiscount, issuance, ...limits } = conditions;
  return {
    ...{ id, issuerPartnerId, redeemerPartnerId },
    ...limits,
    reward: toRewardJson(reward),
    minimumSpend: toAmount(minimumSpend),
    maximumDiscount: toAmount(maximumDiscount),
    issuance: { ...issuance, minimumReceipt: toAmount(issuance.minimumReceipt) },
  };
}

function toAmount(money: Money | null) {
  return money && toMoneyJson(money);
}
