import type { ComparedSeries } from './compared-series.js';

/** What one channel made on one day, in the metric asked for; only of days on which it had a receipt. */
export interface DailyValue {
  readonly channelId: string;
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly value: number;
}

/** Sums of some channels by day, for the days on which any of them had a receipt. */
export type DaySums = ReadonlyMap<number, number>;

export function sumByDay(values: readonly DailyValue[], channelIds: ReadonlySet<string>): DaySums {
  const sums = new Map<number, number>();
  for (const { channelId, day, value } of values) {
    if (channelIds.has(channelId)) sums.set(day, (sums.get(day) ?? 0) + value);
  }
  return sums;
}

/** Days, half-open. */
export interface DayRange {
  readonly from: number;
  readonly to: number;
}

export interface CountedSeries {
  readonly series: ComparedSeries;
  /** Days of the pre-period that were dropped because some series has no receipt on them. */
  readonly droppedBefore: number;
}

/**
 * The days before `start` and those of `during` on which the treated channels and every control had a receipt: a day on which one
 * of them was closed, or nobody counted, says nothing of the campaign. Days between the two, if the question leaves any, are left
 * out.
 */
export function compareDays(
  treated: DaySums,
  controls: readonly DaySums[],
  start: number,
  during: DayRange,
): CountedSeries {
  const isCounted = (day: number): boolean => controls.every((control) => control.has(day));
  const days = [...treated.keys()].filter(isCounted).sort((a, b) => a - b);
  const before = days.filter((day) => day < start);
  const kept = [...before, ...days.filter((day) => day >= during.from && day < during.to)];
  return {
    series: {
      days: kept,
      observed: kept.map((day) => treated.get(day)!),
      controls: controls.map((control) => kept.map((day) => control.get(day)!)),
      start: before.length,
      hasWeekdays: true,
    },
    droppedBefore: before.length === 0 ? 0 : start - before[0]! - before.length,
  };
}

/** The values of the days of a range that have one. */
export function valuesWithin(sums: DaySums, { from, to }: DayRange): number[] {
  return [...sums]
    .filter(([day]) => day >= from && day < to)
    .sort(([a], [b]) => a - b)
    .map(([, value]) => value);
}
