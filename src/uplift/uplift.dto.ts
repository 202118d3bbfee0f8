import { z } from 'zod';
import { localDateText, uuid } from '../platform/http/schemas.js';
import { GATE_NAMES, GATE_RESULTS } from './domain/check-gates.js';
import { UPLIFT_VERDICTS, VERDICT_REASONS } from './domain/judge-uplift.js';
import { NO_DIFFERENCE_REASONS, NO_HOLD_OUT_REASONS } from './domain/measure-hold-out.js';
import { NO_PROFIT_REASONS, UPLIFT_METRICS } from './domain/measure-campaign.js';

/** Each control is a regressor of its own. */
const MAX_CONTROLS = 10;

const controlList = z
  .string()
  .max(MAX_CONTROLS * 37)
  .transform((list) => list.split(','))
  .pipe(
    z
      .array(uuid())
      .min(1)
      .max(MAX_CONTROLS)
      .refine((ids) => new Set(ids).size === ids.length, 'must name each channel once'),
  )
  .meta({ description: 'Ids of channels, separated by commas: of the redeemer, or agreed in the terms' });

/** Local dates of the campaign zone; `to` does not belong to the period. */
export const upliftQuery = z.strictObject({
  metric: z.enum(UPLIFT_METRICS).default('revenue'),
  partnerId: uuid().optional().meta({ description: 'The redeemer; needed when there are several' }),
  controls: controlList.optional(),
  from: localDateText().optional(),
  to: localDateText().optional(),
});
export type UpliftQuery = z.output<typeof upliftQuery>;

const decimal = () => z.string().meta({ examples: ['12.34'] });
const interval = z
  .strictObject({ value: decimal(), lower: decimal(), upper: decimal() })
  .meta({ id: 'UpliftInterval', description: 'A value and its 95 % interval' });
const missing = <const R extends readonly [string, ...string[]]>(reasons: R) =>
  z.strictObject({ undefined: z.enum(reasons) });

const counterfactual = z.union([
  z.strictObject({
    effect: interval.meta({ description: 'Observed - counterfactual, over all counted days of the period' }),
    effectPerDay: interval,
    relativeEffect: z.union([interval, missing(['no-baseline'])]).meta({ description: '%' }),
    tailProbability: decimal().meta({
      description: 'How probable a sum this far out would be without an effect; one-sided',
    }),
    observed: decimal().optional(),
    counterfactual: interval.optional(),
  }),
  missing(VERDICT_REASONS),
]);

const profit = z.union([
  z.strictObject({
    incrementalProfit: interval.meta({ description: 'margin x incremental sales' }),
    netProfit: interval.meta({ description: 'incrementalProfit - cost' }),
    cost: decimal(),
    probabilityOfPayingOff: z
      .union([z.strictObject({ value: decimal() }), missing(['no-cost'])])
      .meta({ description: 'P(ROI > 1)' }),
  }),
  missing(NO_PROFIT_REASONS),
]);

const arm = z
  .strictObject({
    customers: z.int(),
    converted: z.int().meta({ description: 'Customers that bought something' }),
    conversionRate: decimal().meta({ description: '%' }),
    revenuePerCustomer: decimal().nullable().meta({ description: 'Of all customers, buyers or not' }),
  })
  .optional();
const holdOut = z
  .union([
    z.strictObject({
      treated: arm,
      heldOut: arm,
      conversionRate: z
        .union([interval, missing(NO_DIFFERENCE_REASONS)])
        .meta({ description: 'Treated - held out, percentage points' }),
      revenuePerCustomer: z
        .union([interval, missing(NO_DIFFERENCE_REASONS)])
        .meta({ description: "Treated - held out, in the redeemer's currency" }),
      incrementalCustomers: decimal().meta({ description: 'treated x difference of the conversion rates' }),
      incrementalCac: z
        .union([
          z.strictObject({ value: decimal() }),
          missing([...NO_PROFIT_REASONS, 'no-incremental-customers']),
        ])
        .meta({ description: "cost / incrementalCustomers, in the redeemer's currency" }),
    }),
    missing(NO_HOLD_OUT_REASONS),
  ])
  .meta({
    description:
      'Customers that got codes against those from whom they were withheld by chance, from their assignment on; whatever the metric is',
  });

const perDay = z.strictObject({
  from: z.iso.date(),
  to: z.iso.date(),
  days: z.int().meta({ description: 'Days that were counted' }),
  perDay: decimal().nullable(),
});
const descriptive = z
  .union([
    z.strictObject({
      label: z.literal('descriptive'),
      before: perDay,
      during: perDay,
      change: z.union([z.strictObject({ value: decimal(), unit: z.literal('%') }), missing(['no-baseline'])]),
    }),
    missing(['not-shared']),
  ])
  .meta({ description: 'What happened from before to during. Not what the campaign did: never an uplift' });

const seriesDay = z.strictObject({
  day: z.iso.date(),
  observed: decimal(),
  counterfactual: decimal(),
  lower: decimal(),
  upper: decimal(),
  cumulative: decimal().meta({ description: 'The effect from the first day up to and with this one' }),
  cumulativeLower: decimal(),
  cumulativeUpper: decimal(),
});

export const upliftResponse = z
  .strictObject({
    campaignId: uuid(),
    redeemerPartnerId: uuid(),
    metric: z.enum(UPLIFT_METRICS),
    unit: z.string().meta({ examples: ['EUR', 'count'] }),
    from: z.iso.date(),
    to: z.iso.date().meta({ description: 'The day after the last one that is over' }),
    verdict: z.enum(UPLIFT_VERDICTS),
    because: z.array(z.enum(VERDICT_REASONS)),
    counterfactual,
    crossCheck: z.union([interval, missing(['no-cross-check'])]),
    differenceInDifferences: z.union([interval, missing(['not-several-controls'])]),
    syntheticControl: z.union([
      z.strictObject({
        effect: interval,
        weights: z.array(z.strictObject({ channelIds: z.array(uuid()), weight: decimal() })).optional(),
      }),
      missing(['not-several-controls']),
    ]),
    profit,
    holdOut,
    descriptive,
    treatedChannelIds: z.array(uuid()),
    controls: z.array(z.strictObject({ channelIds: z.array(uuid()) })),
    gates: z.array(
      z.strictObject({
        name: z.enum(GATE_NAMES),
        result: z.enum(GATE_RESULTS),
        figures: z.record(z.string(), decimal().nullable()).optional(),
      }),
    ),
    series: z.array(seriesDay),
  })
  .meta({
    id: 'CampaignUplift',
    description:
      'Single days, channels, arms of a hold-out, the time before and the figures of the gates are told to the redeemer and the operator only',
  });
export type UpliftResponse = z.infer<typeof upliftResponse>;
