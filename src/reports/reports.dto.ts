import { z } from 'zod';
import type { AskedPeriod } from '../campaigns/domain/report-period.js';
import { INCOME_BASES } from '../campaigns/domain/campaign-terms.js';
import { currency, localDateText, uuid } from '../platform/http/schemas.js';
import type { ReportQuestion } from './campaign-reports.service.js';
import { METRICS, type MetricName } from './domain/compute-figures.js';
import { ROI_VERDICTS } from './domain/compute-roi.js';
import { GROUP_BY, type GroupBy } from './domain/dimensions.js';
import type { ReportAnswer } from './domain/report-answer.js';
import { UNDEFINED_REASONS } from './domain/undefined-reason.js';

const groupBy = z
  .string()
  .transform((names, context): GroupBy[] => {
    const groups = names.split(',').filter(isGroupBy);
    const isWhole = groups.length === names.split(',').length && groups.length <= 2;
    if (isWhole && new Set(groups).size === groups.length) return groups;
    context.addIssue({ code: 'custom', message: `must be one or two different of ${GROUP_BY.join(', ')}` });
    return z.NEVER;
  })
  .meta({
    description: `One or two of ${GROUP_BY.join(', ')}, with a comma. A week is an ISO week of the campaign's local dates`,
    examples: ['partner,day'],
  });

/** Local dates of the campaign zone; `to` does not belong to the period. */
export const reportQuery = z
  .strictObject({
    from: localDateText().optional(),
    to: localDateText().optional(),
    groupBy: groupBy.optional(),
    partnerId: uuid().optional().meta({ description: 'Only what this partner redeemed' }),
    channelId: uuid().optional().meta({ description: 'Only what was redeemed at this channel' }),
    placementId: uuid().optional().meta({ description: 'Only codes of this placement' }),
    offerId: uuid().optional().meta({ description: 'Only codes of this offer' }),
    compareFrom: localDateText().optional().meta({ description: 'The first day of a second period' }),
    compareTo: localDateText().optional().meta({ description: 'The day after its last' }),
  })
  .refine(({ compareFrom, compareTo }) => (compareFrom === undefined) === (compareTo === undefined), {
    path: ['compareTo'],
    message: 'compareFrom and compareTo belong together',
  });
export type ReportQuery = z.output<typeof reportQuery>;

/** Enough to lay side by side; each costs as much as a report. */
const MAX_COMPARED = 20;

const campaignIds = z
  .string()
  .transform((ids) => ids.split(','))
  .pipe(z.array(uuid()).min(1).max(MAX_COMPARED))
  .refine((ids) => new Set(ids).size === ids.length, 'must not name a campaign twice')
  .meta({ description: `Up to ${MAX_COMPARED} campaigns, with commas` });

export const comparisonQuery = z.strictObject({
  campaignIds,
  from: localDateText().optional(),
  to: localDateText().optional(),
});
export type ComparisonQuery = z.output<typeof comparisonQuery>;

export function toReportQuestion({ from, to, groupBy: names, ...rest }: ReportQuery): ReportQuestion {
  const { compareFrom, compareTo, ...filter } = rest;
  const compare = compareFrom && compareTo ? { from: compareFrom, to: compareTo } : undefined;
  return { ...periodOf({ from, to }), groupBy: names ?? [], filter, compare };
}

/** Without the bounds that were not asked for. */
export function periodOf({ from, to }: Pick<ReportQuery, 'from' | 'to'>): AskedPeriod {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function isGroupBy(name: string): name is GroupBy {
  return GROUP_BY.some((known) => known === name);
}

const parts = z.record(z.string(), z.string()).optional();
const value = {
  value: z.string().meta({ examples: ['3.75'] }),
  unit: z.string().meta({ examples: ['%'] }),
  parts,
};
const noValue = { undefined: z.enum(UNDEFINED_REASONS), parts };

const figureResponse = z
  .union([z.strictObject(value), z.strictObject(noValue)])
  .meta({ id: 'Figure', description: 'A value with its unit, or the reason why there is none' });

const basis = z.enum(INCOME_BASES);
const roiResponse = z
  .union([
    z.strictObject({ ...value, basis, verdict: z.enum(ROI_VERDICTS) }),
    z.strictObject({ ...noValue, basis }),
  ])
  .meta({ id: 'RoiFigure', description: 'A figure with the verdict, and the income it is judged by' });

const figuresResponse = z
  .strictObject({
    ...(Object.fromEntries(METRICS.map((name) => [name, figureResponse])) as Record<
      MetricName,
      typeof figureResponse
    >),
    roi: roiResponse,
  })
  .meta({ id: 'ReportFigures' });

const groupKeyResponse = z.strictObject({
  partnerId: uuid().optional(),
  channelId: uuid().nullable().optional().meta({
    description:
      'The channel that redeemed; grouped by placement alone, the one that handed the code out (null: none was named)',
  }),
  placementId: uuid().optional(),
  label: z.string().optional(),
  offerId: uuid().optional(),
  day: z.iso.date().optional(),
  week: z
    .string()
    .regex(/^\d{4}-W\d{2}$/)
    .optional(),
  from: z.iso.date().optional().meta({ description: 'The first day of the week that is in the period' }),
  to: z.iso.date().optional(),
});

const comparisonResponse = z.strictObject({
  from: z.iso.date(),
  to: z.iso.date(),
  figures: figuresResponse,
  differences: z
    .strictObject(
      Object.fromEntries(METRICS.map((name) => [name, figureResponse])) as Record<
        MetricName,
        typeof figureResponse
      >,
    )
    .meta({ id: 'FigureDifferences', description: 'Figure minus compared figure' }),
});

const usedRate = z
  .strictObject({
    from: currency(),
    to: currency(),
    rate: z
      .string()
      .meta({ description: 'Units of `to` for one unit of `from`; an inverse is cut to 18 decimals' }),
    firstDay: z.iso.date(),
    lastDay: z.iso.date(),
    imported: z
      .strictObject({ from: currency(), to: currency(), date: z.iso.date(), rate: z.string() })
      .meta({ description: 'The import it comes from, which may be for the opposite direction' }),
  })
  .meta({ id: 'UsedExchangeRate' });

export const reportResponse = z
  .strictObject({
    campaignId: uuid(),
    from: z.iso.date(),
    to: z.iso.date(),
    currency: currency(),
    incomeBasis: basis,
    figures: figuresResponse,
    rates: z
      .array(usedRate)
      .optional()
      .meta({ description: 'At which amounts of other currencies were converted; there when there are any' }),
    groupBy: z.array(z.enum(GROUP_BY)).optional(),
    groups: z
      .array(z.strictObject({ key: groupKeyResponse, label: z.string(), figures: figuresResponse }))
      .optional(),
    comparison: comparisonResponse.optional(),
  })
  .meta({ id: 'CampaignReport' });
export type ReportResponse = ReportAnswer;

export const comparedCampaignsResponse = z
  .strictObject({ campaigns: z.array(reportResponse) })
  .meta({ id: 'CampaignComparison' });
export interface ComparedCampaignsResponse {
  readonly campaigns: readonly ReportAnswer[];
}
