import { stringify } from 'csv-stringify/sync';
import type { RenderedFigure } from '../kernel/figure.js';
import { METRICS, type MetricName } from './domain/compute-figures.js';
import type { GroupBy, GroupKey } from './domain/groupings.js';
import type { FiguresAnswer, ReportAnswer } from './domain/report-answer.js';

/** The most parts any figure has; a spec looks at every metric. */
const PARTS_SHOWN = 4;

const PART_NUMBERS = Array.from({ length: PARTS_SHOWN }, (_, index) => index + 1);
const COLUMNS = [
  'groupBy',
  'group',
  'groupLabel',
  'metric',
  'value',
  'unit',
  'undefined',
  'verdict',
  'basis',
  ...PART_NUMBERS.flatMap((n) => [`part${n}`, `part${n}Value`]),
];

/**
 * A report as CSV (RFC 4180): one row per group and metric, the whole first. A ratio's part 1 is its numerator, part 2 its
 * denominator. Numbers are the strings of the answer and stay numbers in a spreadsheet.
 */
export function renderReportCsv(report: ReportAnswer): string {
  const rows = [
    ...figureRows({ groupBy: 'total', id: '', label: '' }, report.figures),
    ...(report.groups ?? []).flatMap(({ key, label, figures }) =>
      figureRows({ ...describeKey(key), label }, figures),
    ),
  ];
  return stringify([COLUMNS, ...rows], { record_delimiter: 'windows' });
}

interface GroupCells {
  readonly groupBy: GroupBy | 'total';
  readonly id: string;
  readonly label: string;
}

function figureRows({ groupBy, id, label }: GroupCells, figures: FiguresAnswer): string[][] {
  return METRICS.map((name) => [
    ...[groupBy, id, escapeFormula(label), name],
    ...valueCells(figures[name]),
    ...verdictCells(name, figures),
    ...partCells(figures[name]),
  ]);
}

function valueCells(figure: RenderedFigure): string[] {
  return 'undefined' in figure ? ['', '', figure.undefined] : [figure.value, figure.unit, ''];
}

function verdictCells(name: MetricName, { roi }: FiguresAnswer): string[] {
  return name === 'roi' || name === 'roiPercent' ? [roi.verdict ?? '', roi.basis] : ['', ''];
}

function partCells({ parts = {} }: RenderedFigure): string[] {
  const cells = Object.entries(parts).flat();
  return [...cells, ...Array<string>(PARTS_SHOWN * 2 - cells.length).fill('')];
}

/** The id, or the day, that tells this group from the others. */
function describeKey(key: GroupKey): { groupBy: GroupBy; id: string } {
  if ('partnerId' in key) return { groupBy: 'partner', id: key.partnerId };
  if ('placementId' in key) return { groupBy: 'placement', id: key.placementId };
  if ('channelId' in key) return { groupBy: 'channel', id: key.channelId };
  if ('offerId' in key) return { groupBy: 'offer', id: key.offerId };
  return { groupBy: 'day', id: key.day };
}

/** A spreadsheet would run such a text; the only text here that people wrote is the label. (OWASP, CSV injection) */
function escapeFormula(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
