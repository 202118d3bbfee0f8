import type { ComparedSeries } from './compared-series.js';
import { designModel } from './design-model.js';
import type { CounterfactualTotal } from './estimate-counterfactual.js';
import { coefficientPrior } from './model-priors.js';
import { mean } from './moments.js';
import { predictOneStep } from './predict-one-step.js';

/** How far the model was from days that it did not know yet. Root mean squares, in the unit of the series. */
export interface PredictionError {
  readonly days: number;
  readonly error: number;
  /** The same for the simplest forecast: what it was on the same weekday a week before (the day before, without weekdays). */
  readonly naiveError: number;
  /** error / mean of the pre-period; null when that is not above 0. */
  readonly relativeError: number | null;
}

/** The model learns from scratch: its first two weeks say nothing about it. */
const BURN_IN_DAYS = 14;
const MIN_DAYS = 14;

/**
 * Fit error before the campaign: each day predicted from the days before it, at the estimated deviations. Set against the naive
 * forecast of the same days (Hyndman and Koehler 2006), because a small shop is hard to predict and that is no fault of the
 * model. Null when fewer than 14 days can be compared.
 */
export function predictionError(series: ComparedSeries, fitted: CounterfactualTotal): PredictionError | null {
  const { days, observed, start, hasWeekdays } = series;
  const design = designModel(series);
  if (!design) return null;
  const deviations = [
    fitted.levelDeviation / design.scale,
    fitted.observationDeviation / design.scale,
  ] as const;
  const { errors } = predictOneStep(design, coefficientPrior(design), deviations);
  const back = hasWeekdays ? 7 : 1;
  const byDay = new Map(days.slice(0, start).map((day, index) => [day, observed[index]!]));
  const pairs = days.slice(0, start).flatMap((day, index) => {
    const earlier = byDay.get(day - back);
    if (earlier === undefined || day < days[0]! + BURN_IN_DAYS) return [];
    return [{ error: errors[index]!, naive: observed[index]! - earlier }];
  });
  if (pairs.length < MIN_DAYS) return null;
  const error = rootMeanSquare(pairs.map((pair) => pair.error));
  const level = mean(observed.slice(0, start));
  return {
    days: pairs.length,
    error,
    naiveError: rootMeanSquare(pairs.map(({ naive }) => naive)),
    relativeError: level > 0 ? error / level : null,
  };
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((value) => value * value)));
}
