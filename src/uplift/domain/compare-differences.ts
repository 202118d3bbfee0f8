import type { ComparedSeries } from './compared-series.js';
import { type Interval, normalInterval, scaleInterval } from './interval.js';
import { mean } from './moments.js';
import { regressNeweyWest } from './regress-newey-west.js';
import { weighControls } from './weigh-controls.js';

/** Means of two groups before and after; the difference of their changes. */
export interface TwoByTwo {
  readonly treated: { readonly before: number; readonly after: number };
  readonly control: { readonly before: number; readonly after: number };
}

/** Difference in differences: (treated after - before) - (control after - before). In the unit of the means. */
export function differenceInDifferences({ treated, control }: TwoByTwo): number {
  return treated.after - treated.before - (control.after - control.before);
}

/**
 * Difference in differences of daily series, over all days of the campaign: the controls are brought to the treated series' mean
 * before the campaign (channels are of different size: they are taken to move alike in percent) and averaged. The interval is
 * that of the daily gap, with Newey-West errors. Null without a control whose mean before the campaign is above 0.
 */
export function compareWithAverage(series: ComparedSeries): Interval | null {
  const controls = levelControls(series);
  return gapEffect(
    series,
    controls,
    controls.map(() => 1 / controls.length),
  );
}

/** A mix of controls, by their position in the series, and the effect against it. */
export interface SyntheticControl {
  readonly effect: Interval;
  /** Not negative, sum 1; 0 for a control that has no level to compare. */
  readonly weights: readonly number[];
}

/**
 * Synthetic control (Abadie, Diamond and Hainmueller 2010): the mix of controls, weights not negative and of sum 1, that follows
 * the treated series best before the campaign; its effect is the change of the daily gap (as Ferman and Pinto 2021 do, so that a
 * gap that was there before is none), with Newey-West errors. Levels as in `compareWithAverage`.
 */
export function compareWithSynthetic(series: ComparedSeries): SyntheticControl | null {
  const leveled = levelControls(series);
  if (leveled.length === 0) return null;
  const before = leveled.map(({ values }) => values.slice(0, series.start));
  const weights = weighControls(series.observed.slice(0, series.start), before);
  const effect = gapEffect(series, leveled, weights);
  if (!effect) return null;
  const byPosition = new Map(leveled.map(({ position }, index) => [position, weights[index]!]));
  return { effect, weights: series.controls.map((_, position) => byPosition.get(position) ?? 0) };
}

interface LeveledControl {
  readonly position: number;
  readonly values: readonly number[];
}

function levelControls({ observed, controls, start }: ComparedSeries): LeveledControl[] {
  const level = mean(observed.slice(0, start));
  return controls.flatMap((control, position) => {
    const before = mean(control.slice(0, start));
    return before > 0 ? [{ position, values: control.map((value) => (value / before) * level) }] : [];
  });
}

function gapEffect(
  { observed, start }: ComparedSeries,
  controls: readonly LeveledControl[],
  weights: readonly number[],
): Interval | null {
  if (controls.length === 0) return null;
  const gaps = observed.map(
    (value, day) => value - controls.reduce((sum, { values }, i) => sum + weights[i]! * values[day]!, 0),
  );
  const during = gaps.map((_, day) => (day < start ? 0 : 1));
  const regression = regressNeweyWest(gaps, [gaps.map(() => 1), during]);
  const effect = regression?.coefficients[1];
  const error = regression?.standardErrors[1];
  if (effect == null || error == null) return null;
  return scaleInterval(normalInterval(effect, error), gaps.length - start);
}
