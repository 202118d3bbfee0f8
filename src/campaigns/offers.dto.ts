import { z } from 'zod';
import { compareRatio, parseRatio, ratio } from '../kernel/ratio.js';
import { count, money, moneyResponse, text, uuid } from '../platform/http/schemas.js';
import type { Money } from '../kernel/money.js';
import type { Offer, OfferConditions } from './domain/agreement.js';
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

const limits = {
  minimumSpend: money().nullable(),
  maximumDiscount: money().nullable(),
  perCodeLimit: count().nullable(),
  perCustomerLimit: count().nullable(),
  totalLimit: count().nullable(),
  dailyLimit: count().nullable(),
};
const NO_LIMITS: Omit<OfferConditions, 'reward'> = {
  minimumSpend: null,
  maximumDiscount: null,
  perCodeLimit: null,
  perCustomerLimit: null,
  totalLimit: null,
  dailyLimit: null,
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
  })
  .meta({ id: 'Offer' });

type OfferResponse = z.output<typeof offerResponse>;

export function toOfferResponse({
  id,
  issuerPartnerId,
  redeemerPartnerId,
  conditions,
}: Offer): OfferResponse {
  const { reward, minimumSpend, maximumDiscount, ...limits } = conditions;
  return {
    ...{ id, issuerPartnerId, redeemerPartnerId },
    ...limits,
    reward: toRewardJson(reward),
    minimumSpend: toAmount(minimumSpend),
    maximumDiscount: toAmount(maximumDiscount),
  };
}

function toAmount(money: Money | null) {
  return money && toMoneyJson(money);
}
