import type { IncomeBasis } from '../../campaigns/domain/campaign-terms.js';
import { renderFigure, type RenderedFigure } from '../../kernel/figure.js';
import type { CampaignReport } from './build-report.js';
import { METRICS, type MetricName, type ReportFigures } from './compute-figures.js';
import type { RoiVerdict } from './compute-roi.js';
import type { GroupKey } from './groupings.js';

/** A report as the API answers it: every number a decimal string that nobody downstream has to compute again. */
export interface ReportAnswer {
  readonly campaignId: string;
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  readonly incomeBasis: IncomeBasis;
  readonly figures: FiguresAnswer;
  readonly groups?: readonly GroupAnswer[];
}

export interface GroupAnswer {
  readonly key: GroupKey;
  readonly label: string;
  readonly figures: FiguresAnswer;
}

export type RoiAnswer = RenderedFigure & { readonly basis: IncomeBasis; readonly verdict?: RoiVerdict };

export type FiguresAnswer = Readonly<Record<Exclude<MetricName, 'roi'>, RenderedFigure> & { roi: RoiAnswer }>;

export function renderReport(report: CampaignReport): ReportAnswer {
  const { campaignId, period, currency, incomeBasis, figures, groups } = report;
  const whole = { campaignId, ...period, currency, incomeBasis, figures: renderFigures(figures) };
  if (!groups) return whole;
  return { ...whole, groups: groups.map((group) => ({ ...group, figures: renderFigures(group.figures) })) };
}

function renderFigures(figures: ReportFigures): FiguresAnswer {
  const { basis, verdict } = figures.roi;
  const rendered = Object.fromEntries(METRICS.map((name) => [name, renderFigure(figures[name])]));
  const roi: RoiAnswer = { ...renderFigure(figures.roi), basis, ...(verdict && { verdict }) };
  return { ...(rendered as Record<MetricName, RenderedFigure>), roi };
}
