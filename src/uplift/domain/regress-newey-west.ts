import { dot, factorise, invert, type Matrix, solveLower, solveUpper } from './matrix.js';

export interface Regression {
  /** Of each column that is no combination of the ones before it, by position; null for the others. */
  readonly coefficients: readonly (number | null)[];
  readonly standardErrors: readonly (number | null)[];
  readonly residuals: readonly number[];
}

/** Bartlett weights reach so many days back: two weeks, so that a bad week and the one after it count as one piece of news. */
const LAGS = 14;

/** What is left of a column after the ones before it have been taken out is nothing below this share (of its square). */
const DEPENDENT = 1e-10;

/**
 * Ordinary least squares with standard errors that allow for autocorrelation and changing variance (Newey and West 1987):
 * Bartlett kernel with lag 14, small-sample factor n / (n - k), no prewhitening. `columns` hold the regressors, the intercept
 * among them. Null when there are no more observations than coefficients.
 */
export function regressNeweyWest(
  y: readonly number[],
  columns: readonly (readonly number[])[],
): Regression | null {
  const kept = independentColumns(columns);
  const used = kept.map(({ column }) => column);
  const size = used.length;
  if (size === 0 || y.length <= size) return null;
  const factor = crossProducts(used);
  factorise(factor, size);
  const beta = Float64Array.from(used, (column) => dot(column, y));
  solveLower(factor, size, beta);
  solveUpper(factor, size, beta);
  const residuals = y.map(
    (value, day) => value - used.reduce((sum, column, i) => sum + beta[i]! * column[day]!, 0),
  );
  const errors = neweyWestErrors(used, residuals, invert(factor, size));
  const place = (values: ArrayLike<number>): (number | null)[] => {
    const found = new Map(kept.map(({ position, scale }, index) => [position, values[index]! / scale]));
    return columns.map((_, position) => found.get(position) ?? null);
  };
  return { coefficients: place(beta), standardErrors: place(errors), residuals };
}

interface KeptColumn {
  readonly position: number;
  /** The length that was divided out, so that columns of any unit are comparable. */
  readonly scale: number;
  readonly column: readonly number[];
}

/** Modified Gram-Schmidt, twice, as one pass leaves rounding errors behind. */
function independentColumns(columns: readonly (readonly number[])[]): KeptColumn[] {
  const kept: KeptColumn[] = [];
  const basis: (readonly number[])[] = [];
  columns.forEach((raw, position) => {
    const scale = Math.sqrt(dot(raw, raw));
    if (scale === 0) return;
    const column = raw.map((value) => value / scale);
    const rest = takeOut(takeOut(column, basis), basis);
    const left = dot(rest, rest);
    if (left < DEPENDENT) return;
    kept.push({ position, scale, column });
    basis.push(rest.map((value) => value / Math.sqrt(left)));
  });
  return kept;
}

function takeOut(column: readonly number[], basis: readonly (readonly number[])[]): readonly number[] {
  return basis.reduce((rest, direction) => {
    const share = dot(rest, direction);
    return rest.map((value, index) => value - share * direction[index]!);
  }, column);
}

function crossProducts(columns: readonly (readonly number[])[]): Matrix {
  return Float64Array.from(columns.flatMap((a) => columns.map((b) => dot(a, b))));
}

/** Square roots of the diagonal of (X'X)^-1 S (X'X)^-1, with S the weighted sum of autocovariances of the scores. */
function neweyWestErrors(
  columns: readonly (readonly number[])[],
  residuals: readonly number[],
  bread: Matrix,
): number[] {
  const size = columns.length;
  const n = residuals.length;
  return columns.map((_, position) => {
    // The scores in the direction of one coefficient: the quadratic form needs no more of S than that.
    const direction = bread.subarray(position * size, (position + 1) * size);
    const scores = residuals.map(
      (residual, day) => residual * columns.reduce((sum, column, i) => sum + direction[i]! * column[day]!, 0),
    );
    let sum = dot(scores, scores);
    for (let lag = 1; lag <= LAGS && lag < n; lag++) {
      sum += 2 * (1 - lag / (LAGS + 1)) * dot(scores.slice(lag), scores.slice(0, n - lag));
    }
    return Math.sqrt(Math.max(0, sum) * (n / (n - size)));
  });
}
