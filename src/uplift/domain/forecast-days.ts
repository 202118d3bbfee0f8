import type { ModelDesign } from './design-model.js';
import type { FittedPoint } from './fit-model.js';
import { dot, solveLower } from './matrix.js';
import type { NormalMixture } from './normal-mixture.js';

/** What the days from the start of the campaign would have been without it, in the units of the observed series. */
export interface Forecast {
  /** Each day by itself. */
  readonly days: readonly NormalMixture[];
  /** The sum of the first day up to and with this one. */
  readonly sums: readonly NormalMixture[];
}

/**
 * Forecasts of a fitted model, exact for every point of the grid. Given a point, the sum of h days is normal: with c the sum of
 * the regressors less h x their wandering, its mean is h x level + c'b and its variance c'Cov(b)c + h^2 x variance of the level
 * + q x the sum of min(i, j) over all pairs of days + h r, where i counts the steps from the last day of the pre-period. Without
 * missing days the third part is q x (1^2 + ... + h^2).
 */
export function forecastDays(design: ModelDesign, points: readonly FittedPoint[]): Forecast {
  const count = design.days - design.start;
  const weights = Float64Array.from(points, ({ weight }) => weight);
  const days = Array.from({ length: count }, () => emptyMixture(weights));
  const sums = Array.from({ length: count }, () => emptyMixture(weights));
  points.forEach((point, index) => forecastPoint(design, point, index, { days, sums }));
  return { days, sums };
}

function forecastPoint(design: ModelDesign, point: FittedPoint, index: number, into: Forecast): void {
  const { rows, width, gaps, start, scale, center } = design;
  const { levelDeviation, observationDeviation, level, levelVariance, coefficients } = point;
  const size = width - 1;
  const [q, r] = [levelDeviation ** 2, observationDeviation ** 2];
  const [regressors, summed, work] = [0, 1, 2].map(() => new Float64Array(size)) as Triple<Float64Array>;
  let [steps, stepsOfAll, pairs] = [0, 0, 0];
  for (let day = start; day < design.days; day++) {
    const h = day - start + 1;
    steps += gaps[day]!;
    pairs += 2 * stepsOfAll + steps;
    stepsOfAll += steps;
    for (let column = 0; column < size; column++) {
      regressors[column] = rows[day * width + 1 + column]! - level[column + 1]!;
      summed[column]! += regressors[column]!;
    }
    const one = level[0]! + dot(regressors, coefficients);
    const all = h * level[0]! + dot(summed, coefficients);
    const oneVariance = coefficientVariance(point, regressors, work) + levelVariance + q * steps + r;
    const allVariance = coefficientVariance(point, summed, work) + h * h * levelVariance + q * pairs + h * r;
    put(into.days[h - 1]!, index, center + scale * one, scale * Math.sqrt(oneVariance));
    put(into.sums[h - 1]!, index, h * center + scale * all, scale * Math.sqrt(allVariance));
  }
}

type Triple<T> = [T, T, T];

/** c' Cov(b) c, by way of the factor of the precision. */
function coefficientVariance(point: FittedPoint, c: Float64Array, work: Float64Array): number {
  work.set(c);
  solveLower(point.precisionFactor, c.length, work);
  return dot(work, work);
}

function put({ means, deviations }: NormalMixture, index: number, mean: number, deviation: number): void {
  means[index] = mean;
  deviations[index] = deviation;
}

function emptyMixture(weights: Float64Array): NormalMixture {
  return {
    weights,
    means: new Float64Array(weights.length),
    deviations: new Float64Array(weights.length),
  };
}
