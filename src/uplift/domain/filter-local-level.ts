import type { ModelDesign } from './design-model.js';
import type { Matrix } from './matrix.js';

/**
 * What is left of the pre-period when the wandering of the level is taken out of the observed value and of every regressor
 * alike, for one ratio of the two variances. Variances are in units of the observation variance.
 */
export interface FilteredPrePeriod {
  /** Products of the columns after whitening, width x width, lower triangle. */
  readonly gram: Matrix;
  /** How far each column's level had wandered at the last day, as far as the filter can tell. */
  readonly level: Float64Array;
  /** The variance of that. */
  levelVariance: number;
  /** log determinant of the variance of the observed values given the regression. */
  logDeterminant: number;
}

export function emptyPrePeriod(width: number): FilteredPrePeriod {
  return {
    gram: new Float64Array(width * width),
    level: new Float64Array(width),
    levelVariance: 0,
    logDeterminant: 0,
  };
}

/**
 * The Kalman filter of a local level model over the pre-period, `ratio` = level variance / observation variance. Regression
 * coefficients do not change, and the filter is linear: so it runs over each column by itself, as over a series without a
 * regression, and the coefficients come out of the products afterwards (Rosenberg 1973; Durbin and Koopman 2012, 6.2.3).
 * With p regressors a day costs p^2/2 steps instead of the 2 p^2 of a filter that carries them in its state; the level's own
 * variance is one number. Overwrites `into` and allocates nothing: it runs once per point of the grid.
 */
export function filterLocalLevel(design: ModelDesign, ratio: number, into: FilteredPrePeriod): void {
  const { rows, width, gaps, start } = design;
  const { gram, level } = into;
  gram.fill(0);
  level.fill(0);
  const white = new Float64Array(width);
  let variance = 0;
  let logDeterminant = 0;
  for (let day = 0; day < start; day++) {
    variance += ratio * gaps[day]!;
    const total = variance + 1;
    const gain = variance / total;
    const whitening = 1 / Math.sqrt(total);
    const row = day * width;
    for (let column = 0; column < width; column++) {
      const innovation = rows[row + column]! - level[column]!;
      level[column]! += gain * innovation;
      const value = innovation * whitening;
      white[column] = value;
      const line = column * width;
      for (let other = 0; other <= column; other++) gram[line + other]! += value * white[other]!;
    }
    variance = gain;
    logDeterminant += Math.log(total);
  }
  into.levelVariance = variance;
  into.logDeterminant = logDeterminant;
}
