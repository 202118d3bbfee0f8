import { addDays, daysBetween, type LocalPeriod } from '../../kernel/period.js';

const WEEK = 7;

/**
 * As many days as the period has, before `start`, the first day of the campaign, moved back by whole weeks and no more than it takes:
 * each day is set against the same weekday. Ten days from a Monday are set against the ten days from the Monday two weeks earlier.
 */
export function baselineWindow(period: LocalPeriod, start = period.from): LocalPeriod {
  return shift(period, -weeksIn(start, period.to));
}

/**
 * The same after `end`, the day after the last of the campaign: where a dip shows when customers bought earlier instead of more.
 */
export function aftermathWindow(period: LocalPeriod, end = period.to): LocalPeriod {
  return shift(period, weeksIn(period.from, end));
}

/** Whole weeks, in days, that hold the days from one date to the other. */
function weeksIn(from: string, to: string): number {
  return Math.ceil(daysBetween(from, to) / WEEK) * WEEK;
}

function shift({ from, to }: LocalPeriod, days: number): LocalPeriod {
  return { from: addDays(from, days), to: addDays(to, days) };
}
