import { stringify } from 'csv-stringify/sync';
import type { RenderedFigure } from '../kernel/figure.js';
import { METRICS, type MetricName } from './domain/compute-figures.js';
import type { GroupBy, GroupKey } from './domain/dimensions.js';
import type { FiguresAnswer, ReportAnswer } from './domain/report-answer.js';

/** The most parts any figure has; a spec looks at every metric. */
const PARTS_SHOWN = 4;

const PART_NUMBERS = Array.from({ length: PARTS_SHOWN }, (_, index) => index + 1);
const COLUMNS = [
  'groupBy',
  'group',
  'groupBy2',
  'group2',
  'groupLabel',
  'metric',
  'value',
  'unit',
  'undefined',
  'verdict',
  'basis',
  ...PART_NUMBERS.flatMap((n) => [`part${n}`, `part${n}Value`]),
];

/** A report and the basis by which its ROI is judged; differences have no verdict. */
type CsvFigures = Readonly<Record<MetricName, RenderedFigure>> & {
  readonly roi: Partial<FiguresAnswer['roi']>;
};

/**
 * A report as CSV (RFC 4180): one row per group and metric, the whole first, then the compared period and the differences. A
 * ratio's part 1 is its numerator, part 2 its denominator. Numbers are the strings of the answer and stay numbers in a
 * spreadsheet.
 */
export function renderReportCsv(report: ReportAnswer): string {
  const { figures, groups = [], groupBy = [], comparison } = report;
  const period = comparison && `${comparison.from}/${comparison.to}`;
  const rows = [
    ...figureRows(['total', '', '', '', ''], figures),
    ...groups.flatMap((group) =>
      figureRows([...describeKey(group.key, groupBy), escapeFormula(group.label)], group.figures),
    ),
    ...(comparison ? figureRows(['compared', period ?? '', '', '', ''], comparison.figures) : []),
    ...(comparison ? figureRows(['difference', period ?? '', '', '', ''], comparison.differences) : []),
  ];
  return stringify([COLUMNS, ...rows], { record_delimiter: 'windows' });
}

function figureRows(group: readonly string[], figures: CsvFigures): string[][] {
  return METRICS.map((name) => [
    ...[...group, name],
    ...valueCells(figures[name]),
    ...verdictCells(name, figures),
    ...partCells(figures[name]),
  ]);
}

function valueCells(figure: RenderedFigure): string[] {
  return 'undefined' in figure ? ['', '', figure.undefined] : [figure.value, figure.unit, ''];
}

function verdictCells(name: MetricName, { roi }: CsvFigures): string[] {
  return name === 'roi' || name === 'roiPercent' ? [roi.verdict ?? '', roi.basis ?? ''] : ['', ''];
}

function partCells({ parts = {} }: RenderedFigure): string[] {
  const cells = Object.entries(parts).flat();
  return [...cells, ...Array<string>(PARTS_SHOWN * 2 - cells.length).fill('')];
}

const ID_OF: Readonly<Record<GroupBy, (key: GroupKey) => string | null | undefined>> = {
  partner: (key) => key.partnerId,
  channel: (key) => key.channelId,
  placement: (key) => key.placementId,
  offer: (key) => key.offerId,
  day: (key) => key.day,
  week: (key) => key.week,
};

/** The dimensions, each with the id, day or week that tells this group from the others; two in any case. */
function describeKey(key: GroupKey, groupBy: readonly GroupBy[]): string[] {
  const cells = groupBy.flatMap((name) => [name, ID_OF[name](key) ?? '']);
  return [...cells, ...Array<string>(4 - cells.length).fill('')];
}

/** A spreadsheet would run such a text; the only text here that people wrote is the label. (OWASP, CSV injection) */
function escapeFormula(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
