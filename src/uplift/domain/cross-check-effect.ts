import { type ComparedSeries, weekdayOf } from './compared-series.js';
import { type Interval, normalInterval, scaleInterval } from './interval.js';
import { mean } from './moments.js';
import { regressNeweyWest } from './regress-newey-west.js';

/**
 * The same question by a plain regression: observed ~ 1 + controls + weekday + during, with Newey-West errors. The coefficient of
 * `during` is the effect a day; the answer is that of all days of the campaign. It knows no wandering level, so that it goes
 * wrong in other places than the counterfactual does. Null when it cannot tell the campaign's days from the other columns.
 */
export function crossCheckEffect(series: ComparedSeries): Interval | null {
  const { days, observed, controls, start, hasWeekdays } = series;
  const during = days.map((_, index) => (index < start ? 0 : 1));
  const weekdays = hasWeekdays ? [0, 1, 2, 3, 4, 5] : [];
  const regression = regressNeweyWest(observed, [
    days.map(() => 1),
    ...controls.map(center),
    ...weekdays.map((weekday) => days.map((day) => (weekdayOf(day) === weekday ? 1 : 0))),
    during,
  ]);
  const effect = regression?.coefficients.at(-1);
  const error = regression?.standardErrors.at(-1);
  if (effect == null || error == null) return null;
  return scaleInterval(normalInterval(effect, error), days.length - start);
}

/** A large level would hide a small variation from the test for dependent columns. */
function center(control: readonly number[]): number[] {
  const middle = mean(control);
  return control.map((value) => value - middle);
}
