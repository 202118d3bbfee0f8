import { logGamma } from './log-gamma.js';
import { factorise, logDeterminant, type Matrix } from './matrix.js';
import type { ModelDesign } from './design-model.js';

/** The priors of CausalImpact (R package, 1.4) in units of the standardised series, whose deviation is 1. */
const LEVEL = { guess: 0.01, df: 32 };
const OBSERVATION_WITH_CONTROLS = { guess: Math.sqrt(1 - 0.8), df: 50 };
const OBSERVATION_ALONE = { guess: 1, df: 0.01 };
/** The regression's prior is worth this many observations. */
const PRIOR_OBSERVATIONS = 0.01;

const POINTS = 41;

/** The standard deviations that the grid tries: from a quarter of the prior's guess to the whole deviation, on a log scale. */
export interface DeviationGrid {
  readonly levels: readonly DeviationPoint[];
  readonly observations: readonly DeviationPoint[];
}
export interface DeviationPoint {
  readonly deviation: number;
  /** log of the prior density per step of the grid, up to a constant. */
  readonly logPrior: number;
}

export function deviationGrid(hasControls: boolean): DeviationGrid {
  const observation = hasControls ? OBSERVATION_WITH_CONTROLS : OBSERVATION_ALONE;
  return {
    levels: logSteps(LEVEL.guess / 4, LEVEL.guess * 60).map((value) => toPoint(value, LEVEL)),
    observations: logSteps(0.05, 1.2).map((value) => toPoint(value, observation)),
  };
}

/**
 * The prior precision of the coefficients. `fixed` is that of the first level and the weekday contrasts (variance 1 each);
 * `scaled`, that of the controls, is to be divided by the observation variance: the g-prior of Zellner, half of it on the
 * diagonal, so that controls which repeat each other do no harm.
 */
export interface CoefficientPrior {
  readonly fixed: Matrix;
  readonly scaled: Matrix;
  /** log determinant of the scaled part. */
  readonly logDeterminant: number;
}

export function coefficientPrior(design: ModelDesign): CoefficientPrior {
  const { width, controls, rows, start } = design;
  const size = width - 1;
  const fixed = new Float64Array(size * size);
  const scaled = new Float64Array(size * size);
  const block = new Float64Array(controls * controls);
  for (let row = 0; row < size; row++) {
    if (row === 0 || row > controls) fixed[row * size + row] = 1;
    for (let column = 1; column <= row && row <= controls; column++) {
      let sum = 0;
      for (let day = 0; day < start; day++) {
        sum += rows[day * width + 1 + row]! * rows[day * width + 1 + column]!;
      }
      const value = (PRIOR_OBSERVATIONS / start) * (row === column ? sum : sum / 2);
      scaled[row * size + column] = value;
      block[(row - 1) * controls + column - 1] = value;
    }
  }
  factorise(block, controls);
  return { fixed, scaled, logDeterminant: logDeterminant(block, controls) };
}

function logSteps(from: number, to: number): number[] {
  const step = Math.log(to / from) / (POINTS - 1);
  return Array.from({ length: POINTS }, (_, index) => from * Math.exp(index * step));
}

/** 1 / variance is gamma distributed; a step of the grid of log deviations covers 2 x variance of the variance. */
function toPoint(deviation: number, { guess, df }: { guess: number; df: number }): DeviationPoint {
  const shape = df / 2;
  const rate = (df * guess * guess) / 2;
  const variance = deviation * deviation;
  const logDensity =
    shape * Math.log(rate) - logGamma(shape) - (shape + 1) * Math.log(variance) - rate / variance;
  return { deviation, logPrior: logDensity + Math.log(variance) };
}
