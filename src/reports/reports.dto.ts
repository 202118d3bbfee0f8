import { z } from 'zod';
import { INCOME_BASES } from '../campaigns/domain/campaign-terms.js';
import { currency, localDateText, uuid } from '../platform/http/schemas.js';
import { METRICS, type MetricName } from './domain/compute-figures.js';
import { ROI_VERDICTS } from './domain/compute-roi.js';
import { GROUP_BY } from './domain/groupings.js';
import type { ReportAnswer } from './domain/report-answer.js';
import { UNDEFINED_REASONS } from './domain/undefined-reason.js';

/** Local dates of the campaign zone; `to` does not belong to the period. */
export const reportQuery = z.strictObject({
  from: localDateText().optional(),
  to: localDateText().optional(),
  groupBy: z.enum(GROUP_BY).optional(),
});
export type ReportQuery = z.infer<typeof reportQuery>;

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

const groupKeyResponse = z.union([
  z.strictObject({ partnerId: uuid() }),
  z.strictObject({ channelId: uuid() }),
  z.strictObject({ placementId: uuid(), label: z.string(), channelId: uuid().nullable() }),
  z.strictObject({ offerId: uuid() }),
  z.strictObject({ day: z.iso.date() }),
]);

export const reportResponse = z
  .strictObject({
    campaignId: uuid(),
    from: z.iso.date(),
    to: z.iso.date(),
    currency: currency(),
    incomeBasis: basis,
    figures: figuresResponse,
    groups: z
      .array(z.strictObject({ key: groupKeyResponse, label: z.string(), figures: figuresResponse }))
      .optional(),
  })
  .meta({ id: 'CampaignReport' });
export type ReportResponse = ReportAnswer;
