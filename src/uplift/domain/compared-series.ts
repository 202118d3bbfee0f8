/**
 * A daily series that a campaign may have moved, and daily series that it cannot have moved. All arrays are of one length and
 * hold finite numbers in any unit (major units of money, receipts).
 */
export interface ComparedSeries {
  /** Days since 1970-01-01, rising. A day that is missing was closed, or nobody counted. */
  readonly days: readonly number[];
  readonly observed: readonly number[];
  readonly controls: readonly (readonly number[])[];
  /** The index of the first day of the campaign: the days before it are the pre-period. */
  readonly start: number;
  /** Whether days of the week may differ. */
  readonly hasWeekdays: boolean;
}

/** 0 is Monday, 6 is Sunday. */
export function weekdayOf(day: number): number {
  // 1970-01-01 was a Thursday.
  return (((day + 3) % 7) + 7) % 7;
}

/** The days [from, to) of a series, by index; `start` is in the coordinates of the whole. */
export function sliceSeries(series: ComparedSeries, to: number, start: number): ComparedSeries {
  return {
    days: series.days.slice(0, to),
    observed: series.observed.slice(0, to),
    controls: series.controls.map((control) => control.slice(0, to)),
    start,
    hasWeekdays: series.hasWeekdays,
  };
}
