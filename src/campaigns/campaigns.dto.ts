import { z } from 'zod';
import { compareRatio, parseRatio, ratio } from '../kernel/ratio.js';
import { count, currency, localDateText, money, text, timeZone, uuid } from '../platform/http/schemas.js';
import { CAMPAIGN_KINDS, PARTICIPANT_ROLES } from './domain/agreement.js';
import type { AgreementChanges, ProposedAgreement } from './domain/amend-agreement.js';
import type { Budget } from './domain/budget.js';
import { INCOME_BASES } from './domain/campaign-terms.js';
import { MAX_CONTROL_CHANNELS, MAX_OFFERS, MAX_PARTICIPANTS } from './domain/check-agreement.js';
import { LARGEST_SHARE, SHARE_DECIMALS } from './domain/hold-out-share.js';
import { TARGET_DECIMALS, TARGET_METRICS, type Target } from './domain/target.js';
import { type OfflinePolicy, OVER_LIMIT_BEARERS, type ReversalPolicy } from './domain/offer-state.js';
import { newOfferRequest, patchedOfferRequest } from './offers.dto.js';

const MAX_DAYS = 36_500;
/** About 114 years: enough to record a campaign of the past, and it fits the column. */
const MAX_DELAY_HOURS = 1_000_000;
const MAX_VOID_MINUTES = 1_000_000;

const participant = z.strictObject({ partnerId: uuid(), role: z.enum(PARTICIPANT_ROLES) });

const reversalPolicy = z
  .strictObject({
    returnUse: z.enum(['always', 'never', 'void_only']),
    voidMinutes: z.int().min(1).max(MAX_VOID_MINUTES).nullable().default(null),
  })
  .refine(({ returnUse, voidMinutes }) => (returnUse === 'void_only') === (voidMinutes !== null), {
    path: ['voidMinutes'],
    message: 'is needed for void_only, and only for it',
  }) satisfies z.ZodType<ReversalPolicy>;

const maxDelayHours = z.int().min(0).max(MAX_DELAY_HOURS).default(72);
const offlinePolicy = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.enum(['refuse', 'accept']), maxDelayHours }),
  z.strictObject({
    mode: z.literal('honour'),
    maxDelayHours,
    bearer: z.enum(OVER_LIMIT_BEARERS).default('redeemer').meta({
      description: 'Who bears what is honoured over a limit: the redeemer alone, or whoever funds the offer',
    }),
  }),
]) satisfies z.ZodType<OfflinePolicy>;

const cap = z
  .strictObject({
    amount: money()
      .refine(({ minor }) => minor > 0n, 'must be more than 0')
      .nullable()
      .default(null)
      .meta({ description: 'What the rewards may cost' }),
    redemptions: count().nullable().default(null),
  })
  .refine(({ amount, redemptions }) => amount !== null || redemptions !== null, 'must cap something')
  .nullable()
  .default(null);
const budget = z
  .strictObject({ total: cap, perOffer: cap, perChannel: cap, perDay: cap })
  .refine((caps) => Object.values(caps).some((one) => one !== null), 'must cap something')
  .meta({
    description:
      'What the campaign may give away: in all, by each offer, at each channel, on each day. Spent when a redemption is accepted, given back as the reversal policy says',
  }) satisfies z.ZodType<Budget>;

const NOTHING = ratio(0n, 1n);
const reciprocityTolerance = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,3})?$/, 'must be a decimal such as "12.5" with at most 3 decimals')
  .transform(parseRatio)
  .refine((percent) => compareRatio(percent, ratio(100n, 1n)) <= 0, 'must be at most 100')
  .meta({
    description: 'By how many percent of both together what two partners send each other may differ',
    examples: ['20'],
  });

const holdOutShare = z
  .string()
  .regex(
    new RegExp(`^0\\.\\d{1,${SHARE_DECIMALS}}$`),
    `must be a decimal such as "0.1" with at most ${SHARE_DECIMALS} decimals`,
  )
  .transform(parseRatio)
  .refine(
    (share) => compareRatio(share, NOTHING) > 0 && compareRatio(share, LARGEST_SHARE) <= 0,
    'must be more than 0 and at most 0.5',
  )
  .meta({
    description:
      'The share of customers that get no code, chosen by hash: what they buy tells what the campaign adds',
    examples: ['0.1'],
  });

const MAX_TARGETS = 50;
const target = z
  .strictObject({
    metric: z.enum(TARGET_METRICS),
    partnerId: uuid()
      .nullable()
      .default(null)
      .meta({ description: 'The redeemer; null: the whole campaign' }),
    value: z
      .string()
      .regex(
        new RegExp(`^\\d{1,15}(\\.\\d{1,${TARGET_DECIMALS}})?$`),
        `must be a decimal such as "1200" with at most ${TARGET_DECIMALS} decimals`,
      )
      .transform(parseRatio)
      .refine((goal) => compareRatio(goal, NOTHING) > 0, 'must be more than 0')
      .meta({ description: 'In the unit of the metric; money in the campaign currency', examples: ['1200'] }),
  })
  .meta({ description: 'A numeric goal for the end of the campaign' }) satisfies z.ZodType<Target>;

const days = () => z.int().min(0).max(MAX_DAYS);
const fields = {
  name: text(200),
  kind: z.enum(CAMPAIGN_KINDS),
  currency: currency(),
  timeZone: timeZone(),
  startsOn: localDateText(),
  endsOn: localDateText(),
  redeemUntil: localDateText().nullable(),
  incomeBasis: z.enum(INCOME_BASES),
  newCustomerLookbackDays: days(),
  returningAfterDays: days(),
  attributionLookbackDays: days().meta({
    description: 'How many days before a redemption a touch may lie to have a part in it',
  }),
  reversalPolicy,
  offlinePolicy,
  budget: budget.nullable(),
  controlChannels: z.array(uuid()).max(MAX_CONTROL_CHANNELS).meta({
    description:
      'Channels of participants outside the campaign that the uplift may be measured against. By approving the terms their owner agrees to it',
  }),
  reciprocityTolerance: reciprocityTolerance.nullable(),
  holdOutShare: holdOutShare.nullable(),
  targets: z.array(target).max(MAX_TARGETS),
};

export const createCampaignRequest = z
  .strictObject({
    ...fields,
    redeemUntil: fields.redeemUntil.default(null),
    incomeBasis: fields.incomeBasis.default('revenue'),
    newCustomerLookbackDays: fields.newCustomerLookbackDays.default(365),
    returningAfterDays: fields.returningAfterDays.default(0),
    attributionLookbackDays: fields.attributionLookbackDays.default(30),
    reversalPolicy: reversalPolicy.default({ returnUse: 'always', voidMinutes: null }),
    offlinePolicy: offlinePolicy.default({ mode: 'accept', maxDelayHours: 72 }),
    budget: fields.budget.default(null),
    controlChannels: fields.controlChannels.default([]),
    reciprocityTolerance: fields.reciprocityTolerance.default(null),
    holdOutShare: fields.holdOutShare.default(null),
    targets: fields.targets.default([]),
    participants: z.array(participant).min(1).max(MAX_PARTICIPANTS),
    offers: z.array(newOfferRequest).min(1).max(MAX_OFFERS),
  })
  .meta({ id: 'CreateCampaign' });
export type CreateCampaignRequest = z.output<typeof createCampaignRequest>;

export const patchCampaignRequest = z
  .strictObject(fields)
  .partial()
  .extend({
    participants: z.array(participant).max(MAX_PARTICIPANTS).optional(),
    offers: z.array(patchedOfferRequest).max(MAX_OFFERS).optional(),
  })
  .meta({ id: 'PatchCampaign' });
export type PatchCampaignRequest = z.output<typeof patchCampaignRequest>;

/** An approval needs no body. */
export const approvalRequest = z
  .strictObject({ version: count().optional(), partnerId: uuid().optional() })
  .nullish()
  .transform((body) => body ?? {});
export type ApprovalBody = z.output<typeof approvalRequest>;

export function toProposedAgreement(body: CreateCampaignRequest): ProposedAgreement {
  const { name, kind, currency, timeZone, participants, offers, ...terms } = body;
  return { name, kind, currency, timeZone, participants, offers, terms };
}

export function toAgreementChanges(body: PatchCampaignRequest): AgreementChanges {
  const { name, kind, currency, timeZone, participants, offers = [], ...terms } = body;
  return { name, kind, currency, timeZone, participants, offers, terms };
}
