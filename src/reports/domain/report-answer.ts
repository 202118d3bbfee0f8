import type { IncomeBasis } from '../../campaigns/domain/campaign-terms.js';
import { renderFigure, type RenderedFigure } from '../../kernel/figure.js';
import { printRate } from '../../rates/domain/day-rate.js';
import type { CampaignReport, ReportComparison } from './build-report.js';
import { METRICS, type MetricName, type ReportFigures } from './compute-figures.js';
import type { RoiVerdict } from './compute-roi.js';
import type { GroupBy, GroupKey } from './dimensions.js';
import type { UsedRate } from './list-used-rates.js';

/** A report as the API answers it: every number a decimal string that nobody downstream has to compute again. */
export interface ReportAnswer {
  readonly campaignId: string;
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  readonly incomeBasis: IncomeBasis;
  readonly figures: FiguresAnswer;
  readonly rates?: readonly RateAnswer[];
  readonly groupBy?: readonly GroupBy[];
  readonly groups?: readonly GroupAnswer[];
  readonly comparison?: ComparisonAnswer;
}

export interface ComparisonAnswer {
  readonly from: string;
  readonly to: string;
  readonly figures: FiguresAnswer;
  readonly differences: Readonly<Record<MetricName, RenderedFigure>>;
}

/** One unit of `from` was `rate` units of `to` from `firstDay` to `lastDay`, by what was imported. */
export interface RateAnswer {
  readonly from: string;
  readonly to: string;
  readonly rate: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly imported: {
    readonly from: string;
    readonly to: string;
    readonly date: string;
    readonly rate: string;
  };
}

export interface GroupAnswer {
  readonly key: GroupKey;
  readonly label: string;
  readonly figures: FiguresAnswer;
}

export type RoiAnswer = RenderedFigure & { readonly basis: IncomeBasis; readonly verdict?: RoiVerdict };

export type FiguresAnswer = Readonly<Record<Exclude<MetricName, 'roi'>, RenderedFigure> & { roi: RoiAnswer }>;

export function renderReport(report: CampaignReport): ReportAnswer {
  const {
    campaignId,
    period,
    currency,
    incomeBasis,
    figures,
    rates,
    groupBy = [],
    groups,
    comparison,
  } = report;
  const answers = groups?.map((group) => ({ ...group, figures: renderFigures(group.figures) }));
  return {
    ...{ campaignId, ...period, currency, incomeBasis, figures: renderFigures(figures) },
    ...(rates && { rates: rates.map(renderRate) }),
    ...(answers && { groupBy, groups: answers }),
    ...(comparison && { comparison: renderComparison(comparison) }),
  };
}

function renderComparison({ period, figures, differences }: ReportComparison): ComparisonAnswer {
  const rendered = Object.fromEntries(METRICS.map((name) => [name, renderFigure(differences[name])]));
  return {
    ...period,
    figures: renderFigures(figures),
    differences: rendered as Record<MetricName, RenderedFigure>,
  };
}

function renderRate({ rate: used, firstDay, lastDay }: UsedRate): RateAnswer {
  const { base: from, quote: to, rate, isInverse, validFrom: date } = used;
  const pair = isInverse ? { from: to, to: from } : { from, to };
  return { from, to, rate: printRate(used), firstDay, lastDay, imported: { ...pair, date, rate } };
}

function renderFigures(figures: ReportFigures): FiguresAnswer {
  const { basis, verdict } = figures.roi;
  const rendered = Object.fromEntries(METRICS.map((name) => [name, renderFigure(figures[name])]));
  const roi: RoiAnswer = { ...renderFigure(figures.roi), basis, ...(verdict && { verdict }) };
  return { ...(rendered as Record<MetricName, RenderedFigure>), roi };
}
