import { z } from 'zod';
import { ATTRIBUTION_MODELS, type AttributionModel } from '../attribution/domain/compare-models.js';
import { DEFAULT_HALF_LIFE_DAYS } from '../attribution/domain/split-time-decay.js';
import { currency, localDateText, moneyResponse, uuid } from '../platform/http/schemas.js';
import { CREDIT_GROUP_BY } from './domain/credit-groups.js';
import { CREDIT_REASONS, type CreditsAnswer } from './domain/credits-answer.js';

/** Ten years: by then every touch of a campaign weighs the same. */
const LONGEST_HALF_LIFE_DAYS = 3_653;

const modelNames = z.array(z.enum(ATTRIBUTION_MODELS));

/** Names with commas between them, each once. */
const models = z
  .string()
  .max(200)
  .transform((names, context): AttributionModel[] => {
    const parsed = modelNames.safeParse(names.split(',').map((name) => name.trim()));
    if (parsed.success) return [...new Set(parsed.data)];
    const message = `must be names of models with commas between them: ${ATTRIBUTION_MODELS.join(', ')}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** Local dates of the campaign zone; `to` does not belong to the period. */
export const creditsQuery = z.strictObject({
  models: models
    .optional()
    .describe(`Any of ${ATTRIBUTION_MODELS.join(', ')}, with commas between them; all when left out`),
  groupBy: z.enum(CREDIT_GROUP_BY).default('placement'),
  from: localDateText().optional(),
  to: localDateText().optional(),
  halfLifeDays: z.coerce
    .number()
    .positive()
    .max(LONGEST_HALF_LIFE_DAYS)
    .default(DEFAULT_HALF_LIFE_DAYS)
    .describe('Of time_decay'),
});
export type CreditsQuery = z.infer<typeof creditsQuery>;

const parts = z.record(z.string(), z.string()).optional();
const noValue = { undefined: z.enum(CREDIT_REASONS), parts };
const figureResponse = z
  .union([z.strictObject({ value: z.string(), unit: z.string(), parts }), z.strictObject(noValue)])
  .meta({ id: 'CreditFigure', description: 'A value with its unit, or the reason why there is none' });

const group = {
  key: z.union([
    z.strictObject({ placementId: uuid(), label: z.string(), channelId: uuid().nullable() }),
    z.strictObject({ partnerId: uuid(), channelId: uuid().nullable() }),
    z.strictObject({ partnerId: uuid() }),
  ]),
  label: z.string(),
};
const amount = z
  .union([
    moneyResponse(),
    z.strictObject({
      undefined: z.literal('no-exchange-rate'),
      parts: z.strictObject({ receiptsWithoutRate: z.string() }),
    }),
  ])
  .meta({ id: 'CreditAmount', description: 'Money, or nothing while receipts wait for an exchange rate' });
const credit = z
  .union([
    z.strictObject({ redemptions: z.string().meta({ examples: ['12.5'] }), amount }),
    z.strictObject({ undefined: z.enum(CREDIT_REASONS) }),
  ])
  .meta({ id: 'Credit', description: 'What a model gives; over all groups exactly the totals' });
const effects = z.array(z.strictObject({ ...group, effect: figureResponse }));

export const creditsResponse = z
  .strictObject({
    campaignId: uuid(),
    from: z.iso.date(),
    to: z.iso.date(),
    currency: currency(),
    groupBy: z.enum(CREDIT_GROUP_BY),
    models: modelNames,
    halfLifeDays: z.number(),
    journeys: z.strictObject({ all: z.int(), converting: z.int(), null: z.int() }),
    totals: z.strictObject({ redemptions: z.string(), amount }),
    groups: z.array(
      z.strictObject({ ...group, credits: z.partialRecord(z.enum(ATTRIBUTION_MODELS), credit) }),
    ),
    diagnostics: z.strictObject({
      markov: z
        .strictObject({ conversionProbability: figureResponse, removalEffects: effects })
        .optional()
        .describe('removalEffects: the part of the redemptions that is lost without a group'),
      shapley: z
        .strictObject({ rateEffects: effects })
        .optional()
        .describe('rateEffects: the part of the conversion rate that a group adds; may be negative'),
    }),
  })
  .meta({ id: 'CampaignCredits' });
export type CreditsResponse = CreditsAnswer;
