import { type ComparedSeries, sliceSeries } from './compared-series.js';
import { estimateTotal } from './estimate-counterfactual.js';
import type { Interval } from './interval.js';
import type { Steps } from './steps.js';

/** An effect measured where there was no campaign. */
export interface Placebo {
  readonly days: number;
  readonly effect: Interval;
}

/** A model that has seen less than four weeks does not know the weekdays yet. */
const MIN_TRAINING_DAYS = 28;

/**
 * Placebo in time: the same model, asked for the effect of a campaign that never was, in the last days of the pre-period. As long
 * as the real one, at most half of the pre-period. Null when too little is left to learn from.
 */
export function* runPlacebo(series: ComparedSeries): Steps<Placebo | null> {
  const { start, days } = series;
  const length = Math.min(days.length - start, Math.floor(start / 2));
  if (length === 0 || start - length < MIN_TRAINING_DAYS) return null;
  const outcome = yield* estimateTotal(sliceSeries(series, start, start - length));
  if (outcome.kind === 'undefined') return null;
  return { days: length, effect: outcome.effect };
}
