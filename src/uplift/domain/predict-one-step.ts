import type { ModelDesign } from './design-model.js';
import { dot, factorise, invert, type Matrix } from './matrix.js';
import type { CoefficientPrior } from './model-priors.js';

export interface OneStepPredictions {
  /** Observed less predicted from the days before, for each day of the pre-period, in observed units. */
  readonly errors: Float64Array;
  readonly logLikelihood: number;
}

/**
 * The textbook Kalman filter, with the coefficients in its state: how well each day of the pre-period could be told from the
 * days before it. Once per series, at one pair of deviations: `fitModel` needs no predictions.
 */
export function predictOneStep(
  design: ModelDesign,
  prior: CoefficientPrior,
  [levelDeviation, observationDeviation]: readonly [level: number, observation: number],
): OneStepPredictions {
  const { rows, width, gaps, start, scale } = design;
  const size = width - 1;
  const [q, r] = [levelDeviation ** 2, observationDeviation ** 2];
  const state = new Float64Array(size);
  const covariance = startCovariance(prior, size, r);
  const along = new Float64Array(size);
  const errors = new Float64Array(start);
  let logLikelihood = 0;
  for (let day = 0; day < start; day++) {
    covariance[0]! += q * gaps[day]!;
    const row = rows.subarray(day * width + 1, (day + 1) * width);
    for (let line = 0; line < size; line++) {
      along[line] = dot(row, covariance.subarray(line * size, (line + 1) * size));
    }
    const total = dot(row, along) + r;
    const error = rows[day * width]! - dot(row, state);
    for (let line = 0; line < size; line++) {
      const gain = along[line]! / total;
      state[line]! += gain * error;
      for (let column = 0; column < size; column++)
        covariance[line * size + column]! -= gain * along[column]!;
    }
    errors[day] = error * scale;
    logLikelihood -= 0.5 * (Math.log(2 * Math.PI * total) + error ** 2 / total);
  }
  return { errors, logLikelihood };
}

function startCovariance({ fixed, scaled }: CoefficientPrior, size: number, r: number): Matrix {
  const precision = fixed.map((value, index) => value + scaled[index]! / r);
  factorise(precision, size);
  return invert(precision, size);
}
