import { defined, type Figure, undefinedBecause } from '../../kernel/figure.js';
import { subtractRatio } from '../../kernel/ratio.js';
import { METRICS, type MetricName, type ReportFigures } from './compute-figures.js';

export type FigureDifferences = Readonly<Record<MetricName, Figure>>;

/**
 * By how much each figure is larger than in the other period: figure - other, exact, in the unit of the figure (points, for
 * percentages). Undefined when either is, for the reason the first of the two has.
 */
export function compareFigures(figures: ReportFigures, others: ReportFigures): FigureDifferences {
  const entries = METRICS.map((name) => [name, differenceOf(figures[name], others[name])]);
  return Object.fromEntries(entries) as FigureDifferences;
}

function differenceOf(figure: Figure, other: Figure): Figure {
  if ('undefined' in figure) return undefinedBecause(figure.undefined);
  if ('undefined' in other) return undefinedBecause(other.undefined);
  return defined(subtractRatio(figure.value, other.value), figure.unit);
}
