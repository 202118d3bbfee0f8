import { type ComparedSeries, weekdayOf } from './compared-series.js';
import { deviation, mean } from './moments.js';

const WEEKDAYS = 7;

/**
 * A series in the units of the model: it and its controls are standardised on the pre-period. A row per day holds the observed
 * value less the first one, then the regressors: 1 (the first level), the controls, six contrasts of the days of the week.
 */
export interface ModelDesign {
  /** Row after row, `width` numbers a day: the observed value, then the regressors. */
  readonly rows: Float64Array;
  readonly width: number;
  readonly controls: number;
  /** Steps of the level from the day before; 1 unless days are missing. The first is 0. */
  readonly gaps: Float64Array;
  readonly days: number;
  readonly start: number;
  /** observed = center + scale x value of the model. */
  readonly center: number;
  readonly scale: number;
}

/** Null when the observed series does not vary before the campaign. A control that does not vary tells nothing and is left out. */
export function designModel(series: ComparedSeries): ModelDesign | null {
  const { days, observed, start } = series;
  const before = observed.slice(0, start);
  const scale = deviation(before);
  if (scale === 0) return null;
  const controls = series.controls.map((control) => standardise(control, start)).filter((c) => c !== null);
  const contrasts = series.hasWeekdays ? WEEKDAYS - 1 : 0;
  const width = 2 + controls.length + contrasts;
  const rows = new Float64Array(days.length * width);
  days.forEach((day, index) => {
    const row = index * width;
    rows[row] = (observed[index]! - observed[0]!) / scale;
    rows[row + 1] = 1;
    controls.forEach((control, position) => (rows[row + 2 + position] = control[index]!));
    for (let weekday = 0; weekday < contrasts; weekday++) {
      rows[row + 2 + controls.length + weekday] = contrast(weekdayOf(day), weekday);
    }
  });
  const gaps = Float64Array.from(days, (day, index) => (index === 0 ? 0 : day - days[index - 1]!));
  const shape = { width, controls: controls.length, days: days.length, start };
  return { rows, gaps, ...shape, center: observed[0]!, scale };
}

/** The effects of the seven days add up to 0: that of Sunday is minus the sum of the others. */
function contrast(weekday: number, column: number): number {
  if (weekday === WEEKDAYS - 1) return -1;
  return weekday === column ? 1 : 0;
}

function standardise(control: readonly number[], start: number): number[] | null {
  const before = control.slice(0, start);
  const scale = deviation(before);
  if (scale === 0) return null;
  const center = mean(before);
  return control.map((value) => (value - center) / scale);
}
