import type { ModelDesign } from './design-model.js';
import { emptyPrePeriod, type FilteredPrePeriod, filterLocalLevel } from './filter-local-level.js';
import { dot, factorise, logDeterminant, type Matrix, solveLower, solveUpper } from './matrix.js';
import type { Steps } from './steps.js';
import { type CoefficientPrior, coefficientPrior, deviationGrid } from './model-priors.js';

/** The state of the model at the last day of the pre-period for one pair of deviations, in the model's units. */
export interface FittedPoint {
  /** Probability of this pair, given the pre-period. */
  weight: number;
  readonly levelDeviation: number;
  readonly observationDeviation: number;
  /** Posterior mean of the coefficients, and the Cholesky factor of their precision. */
  readonly coefficients: Float64Array;
  readonly precisionFactor: Matrix;
  /** How far the observed value, then each regressor, had wandered at the last day; see `filterLocalLevel`. */
  readonly level: Float64Array;
  /** The variance of the last level given the coefficients. */
  readonly levelVariance: number;
  readonly logLikelihood: number;
}

/** Points of less than this share of the best one's weight move no figure in its first ten digits. */
const NEGLIGIBLE = Math.log(1e-14);

/**
 * The posterior of the model over the grid of the two standard deviations: exact for each pair, weighted by likelihood x
 * priors. Weights add up to 1. A step per line of the grid: some ten milliseconds for three years of days.
 */
export function* fitModel(design: ModelDesign): Steps<FittedPoint[]> {
  const prior = coefficientPrior(design);
  const grid = deviationGrid(design.controls > 0);
  const filtered = emptyPrePeriod(design.width);
  const logWeights: number[] = [];
  const points: FittedPoint[] = [];
  let best = -Infinity;
  for (const level of grid.levels) {
    yield;
    for (const observation of grid.observations) {
      const point = fitPoint(design, prior, filtered, [level.deviation, observation.deviation]);
      const logWeight = point.logLikelihood + level.logPrior + observation.logPrior;
      best = Math.max(best, logWeight);
      if (logWeight - best < NEGLIGIBLE) continue;
      logWeights.push(logWeight);
      points.push(point);
    }
  }
  return normalise(points, logWeights, best);
}

/** The model with these standard deviations of a step of the level and of an observation. */
export function fitPoint(
  design: ModelDesign,
  prior: CoefficientPrior,
  filtered: FilteredPrePeriod,
  [levelDeviation, observationDeviation]: readonly [level: number, observation: number],
): FittedPoint {
  const size = design.width - 1;
  const r = observationDeviation ** 2;
  filterLocalLevel(design, levelDeviation ** 2 / r, filtered);
  const { gram } = filtered;
  const precision = new Float64Array(size * size);
  const coefficients = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    const line = (row + 1) * design.width;
    coefficients[row] = gram[line]! / r;
    for (let column = 0; column <= row; column++) {
      const at = row * size + column;
      precision[at] = (gram[line + column + 1]! + prior.scaled[at]!) / r + prior.fixed[at]!;
    }
  }
  if (!factorise(precision, size)) throw new Error('a proper prior has a precision that can be factorised');
  solveLower(precision, size, coefficients);
  const explained = dot(coefficients, coefficients);
  solveUpper(precision, size, coefficients);
  const priorLogDeterminant = prior.logDeterminant - design.controls * Math.log(r);
  const logLikelihood =
    -0.5 *
    (design.start * Math.log(2 * Math.PI * r) +
      filtered.logDeterminant +
      logDeterminant(precision, size) -
      priorLogDeterminant +
      gram[0]! / r -
      explained);
  const { levelVariance } = filtered;
  return {
    ...{ weight: 0, levelDeviation, observationDeviation, coefficients, precisionFactor: precision },
    ...{ level: filtered.level.slice(), levelVariance: levelVariance * r, logLikelihood },
  };
}

function normalise(points: FittedPoint[], logWeights: readonly number[], best: number): FittedPoint[] {
  let sum = 0;
  const kept = points.filter((point, index) => {
    const logWeight = logWeights[index]! - best;
    if (logWeight < NEGLIGIBLE) return false;
    point.weight = Math.exp(logWeight);
    sum += point.weight;
    return true;
  });
  for (const point of kept) point.weight /= sum;
  return kept;
}
