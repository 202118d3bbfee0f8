import type { Target, TargetMetric } from '../../campaigns/domain/target.js';
import {
  count,
  defined,
  type Figure,
  type RenderedFigure,
  renderFigures,
  undefinedBecause,
} from '../../kernel/figure.js';
import { minorDigits } from '../../kernel/money.js';
import { daysBetween } from '../../kernel/period.js';
import { divideRatio, multiplyRatio, ratio, roundRatio } from '../../kernel/ratio.js';
import { buildReport, type CampaignReport } from '../../reports/domain/build-report.js';
import { daysOf } from '../../reports/domain/report-scope.js';
import type { ReportSource } from '../../reports/domain/report-source.js';
import { forecastTotal } from './forecast-total.js';

/** How far a campaign is on the way to what was agreed, as the API answers it. */
export interface TargetProgress {
  readonly elapsed: RenderedFigure;
  readonly targets: readonly TargetAnswer[];
}

export const TARGET_FIGURES = ['target', 'actual', 'progress', 'forecast'] as const;

export interface TargetAnswer {
  readonly metric: TargetMetric;
  readonly partnerId?: string;
  readonly figures: Readonly<Record<(typeof TARGET_FIGURES)[number], RenderedFigure>>;
}

/**
 * What adds up from day to day and is never less than nothing. Costs come in lumps, receipts of tills that have not reported are
 * not 0, a margin can be negative, and shares do not add up: nothing of that is forecast.
 */
const FORECAST = new Set<TargetMetric>([
  ...(['acceptedRedemptions', 'refusals', 'promoReceipts', 'revenue', 'discountGiven', 'leakage'] as const),
  ...(['newCustomers', 'returningCustomers', 'unknownCustomers'] as const),
]);

/** The source must be that of the whole campaign, its period and no filter. */
export function trackTargets(source: ReportSource, targets: readonly Target[]): TargetProgress {
  const reports = new Map<string | null, CampaignReport>();
  const answers = targets.map((target) => {
    const { partnerId } = target;
    const report = reports.get(partnerId) ?? dailyReport(source, partnerId);
    reports.set(partnerId, report);
    return trackTarget(source, report, target);
  });
  return { elapsed: renderFigures({ elapsed: shareOfTime(source) }).elapsed, targets: answers };
}

/**
 * elapsed = days that are over / all days on which codes are taken, in local dates of the campaign. Unit: ratio, from 0 to 1.
 */
export function shareOfTime({ period, asOf }: Pick<ReportSource, 'period' | 'asOf'>): Figure {
  const days = daysBetween(period.from, period.to);
  const over = Math.min(Math.max(daysBetween(period.from, asOf), 0), days);
  const parts = { daysOver: count(over), days: count(days) };
  return defined(ratio(BigInt(over), BigInt(days)), 'ratio', parts);
}

function dailyReport(source: ReportSource, partnerId: string | null): CampaignReport {
  return buildReport(source, { groupBy: ['day'], filter: partnerId === null ? {} : { partnerId } });
}

/** progress = actual / target, unit ratio; undefined for the reason the actual figure is. */
function trackTarget(source: ReportSource, report: CampaignReport, target: Target): TargetAnswer {
  const { metric, partnerId, value } = target;
  const actual: Figure = report.figures[metric];
  const goal = { value, unit: unitOf(metric, source.currency) };
  const progress =
    'undefined' in actual
      ? undefinedBecause(actual.undefined, { target: goal })
      : defined(divideRatio(actual.value, value), 'ratio', { actual, target: goal });
  const figures = { target: goal, actual, progress, forecast: forecastTarget(source, report, metric) };
  return { metric, ...(partnerId !== null && { partnerId }), figures: renderFigures(figures) };
}

function forecastTarget(source: ReportSource, report: CampaignReport, metric: TargetMetric): Figure {
  if (!FORECAST.has(metric)) return undefinedBecause('no-daily-count');
  const { period, asOf, currency } = source;
  const unit = unitOf(metric, currency);
  const scale = unit === 'count' ? 1n : 10n ** BigInt(minorDigits(unit));
  const wholeUnits = (figure: Figure): bigint =>
    'undefined' in figure ? 0n : roundRatio(multiplyRatio(figure.value, ratio(scale, 1n)));
  const complete = (report.groups ?? [])
    .map(({ key: { day = '' }, figures }) => ({ day, value: wholeUnits(figures[metric]) }))
    .filter(({ day }) => day < asOf);
  const remaining = daysOf({ from: asOf > period.from ? asOf : period.from, to: period.to });
  const actual = wholeUnits(report.figures[metric]);
  const forecast = forecastTotal({ complete, actual, remaining, isCount: unit === 'count' });
  const days = { completeDays: count(complete.length), remainingDays: count(remaining.length) };
  if (forecast.kind === 'none') return undefinedBecause(forecast.reason, days);
  const major = (minor: bigint) => ({ value: ratio(minor, scale), unit });
  const parts = { low: major(forecast.low), high: major(forecast.high), ...days };
  return defined(multiplyRatio(forecast.value, ratio(1n, scale)), unit, parts);
}

const UNITS: Partial<Record<TargetMetric, string>> = {
  ...{ redemptionRate: 'ratio', coverage: 'ratio', roi: 'ratio', promoRating: '%', roiPercent: '%' },
  ...{ acceptedRedemptions: 'count', refusals: 'count', promoReceipts: 'count', allReceipts: 'count' },
  ...{ newCustomers: 'count', returningCustomers: 'count', unknownCustomers: 'count' },
};

/** All others are money. */
function unitOf(metric: TargetMetric, currency: string): string {
  return UNITS[metric] ?? currency;
}
