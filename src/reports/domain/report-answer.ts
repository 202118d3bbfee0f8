import type { IncomeBasis } from '../../campaigns/domain/campaign-terms.js';
import { renderFigure, type RenderedFigure } from '../../kernel/figure.js';
import type { CampaignReport, ReportComparison } from './build-report.js';
import { METRICS, type MetricName, type ReportFigures } from './compute-figures.js';
import type { RoiVerdict } from './compute-roi.js';
import type { GroupBy, GroupKey } from './dimensions.js';

/** A report as the API answers it: every number a decimal string that nobody downstream has to compute again. */
export interface ReportAnswer {
  readonly campaignId: string;
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  readonly incomeBasis: IncomeBasis;
  readonly figures: FiguresAnswer;
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

export interface GroupAnswer {
  readonly key: GroupKey;
  readonly label: string;
  readonly figures: FiguresAnswer;
}

export type RoiAnswer = RenderedFigure & { readonly basis: IncomeBasis; readonly verdict?: RoiVerdict };

export type FiguresAnswer = Readonly<Record<Exclude<MetricName, 'roi'>, RenderedFigure> & { roi: RoiAnswer }>;

export function renderReport(report: CampaignReport): ReportAnswer {
  const { campaignId, period, currency, incomeBasis, figures, groupBy = [], groups, comparison } = report;
  const answers = groups?.map((group) => ({ ...group, figures: renderFigures(group.figures) }));
  return {
    ...{ campaignId, ...period, currency, incomeBasis, figures: renderFigures(figures) },
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

function renderFigures(figures: ReportFigures): FiguresAnswer {
  const { basis, verdict } = figures.roi;
  const rendered = Object.fromEntries(METRICS.map((name) => [name, renderFigure(figures[name])]));
  const roi: RoiAnswer = { ...renderFigure(figures.roi), basis, ...(verdict && { verdict }) };
  return { ...(rendered as Record<MetricName, RenderedFigure>), roi };
}
