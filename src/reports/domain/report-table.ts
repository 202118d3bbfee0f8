import type { RenderedFigure } from '../../kernel/figure.js';
import { formatRatio, parseRatio } from '../../kernel/ratio.js';
import { alignColumns } from './align-columns.js';
import { METRICS, type MetricName } from './compute-figures.js';
import type { FiguresAnswer, ReportAnswer } from './report-answer.js';

type Row = readonly string[];

const PRINTED_DECIMALS = 2;

/** What a line per group has room for. */
const GROUP_METRICS = [
  'acceptedRedemptions',
  'promoReceipts',
  'promoRating',
  'revenue',
  'discountGiven',
  'newCustomers',
  'roi',
] as const satisfies readonly MetricName[];

/**
 * A report as aligned text for a terminal: a line per metric with the numbers it was made from, then a line per group.
 * The figures are those of the answer: nothing is computed here, only cut to what is read. One without a value shows why.
 */
export function renderReportTable(report: ReportAnswer): string {
  const { campaignId, from, to, currency, incomeBasis, figures } = report;
  const lines = [
    `Campaign ${campaignId}, days from ${from} up to and without ${to}, ${currency}, income by ${basisName(incomeBasis)}`,
    '',
    ...alignColumns(
      [['metric', 'value', 'unit', 'made from'], ...METRICS.map((name) => metricRow(name, figures))],
      [1],
    ),
  ];
  const groups = renderGroupTable(report);
  return `${lines.join('\n')}\n${groups && `\n${groups}`}`;
}

/** Only the line per group; empty when the report has no groups. */
export function renderGroupTable({ groups, incomeBasis }: ReportAnswer): string {
  if (!groups) return '';
  const header = GROUP_METRICS.map((name) => (name === 'roi' ? `roi by ${basisName(incomeBasis)}` : name));
  const rows = groups.map(({ label, figures }) => [
    label,
    ...GROUP_METRICS.map((name) => groupCell(figures[name])),
  ]);
  const numbers = header.map((_, index) => index + 1);
  return `${alignColumns([['group', ...header], ...rows], numbers).join('\n')}\n`;
}

function metricRow(name: MetricName, figures: FiguresAnswer): Row {
  const figure = figures[name];
  const parts = Object.entries(figure.parts ?? {}).map(([part, value]) => `${part} ${value}`);
  if (name === 'roi' || name === 'roiPercent') parts.push(verdict(figures));
  const value = 'undefined' in figure ? ['-', figure.undefined] : [printed(figure), figure.unit];
  return [name, ...value, parts.join(', ')];
}

/** The basis stands beside an ROI even when it has no value: by another basis it may well have one. */
function verdict({ roi }: FiguresAnswer): string {
  const words = { paid_off: 'PAID OFF by ', failed: 'FAILED by ' };
  return `${roi.verdict ? words[roi.verdict] : 'by '}${basisName(roi.basis)}`;
}

function basisName(basis: ReportAnswer['incomeBasis']): string {
  return basis === 'incremental_profit' ? 'incremental profit' : basis;
}

function groupCell(figure: RenderedFigure): string {
  if ('undefined' in figure) return figure.undefined;
  return figure.unit === '%' ? `${printed(figure)} %` : printed(figure);
}

/** Ratios and percentages have two decimals in print; counts and money are shown as they are. */
function printed({ value, unit }: { readonly value: string; readonly unit: string }): string {
  return unit === '%' || unit === 'ratio' ? formatRatio(parseRatio(value), PRINTED_DECIMALS) : value;
}
