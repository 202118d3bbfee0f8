import { addDays, daysBetween, type LocalPeriod } from '../../kernel/period.js';

const WEEK = 7;

/**
 * As many days as the period has, immediately before it, moved back to whole weeks: so that each day is set against the same
 * weekday. Ten days from a Monday are set against the ten days from the Monday two weeks earlier.
 */
export function baselineWindow(period: LocalPeriod): LocalPeriod {
  return shift(period, -weeksOf(period));
}

/** The same after the period: where a dip shows when customers bought earlier instead of more. */
export function aftermathWindow(period: LocalPeriod): LocalPeriod {
  return shift(period, weeksOf(period));
}

function weeksOf({ from, to }: LocalPeriod): number {
  return Math.ceil(daysBetween(from, to) / WEEK) * WEEK;
}

function shift({ from, to }: LocalPeriod, days: number): LocalPeriod {
  return { from: addDays(from, days), to: addDays(to, days) };
}
