import { dayOfWeek } from '../../kernel/period.js';
import { addRatio, compareRatio, divideRatio, multiplyRatio, type Ratio, ratio } from '../../kernel/ratio.js';
import { ceilRoot } from './integer-root.js';

/** What was counted on a day: things, or minor units of money. */
export interface DailyValue {
  readonly day: string;
  readonly value: bigint;
}

export interface Course {
  /** Days that are over, each with its value, also when that is 0. */
  readonly complete: readonly DailyValue[];
  /** All that was counted so far, on days that are not over too. */
  readonly actual: bigint;
  /** Days that are not over; today is one of them. */
  readonly remaining: readonly string[];
  /** Counts vary at least as much as chance makes them; money has no such bound. */
  readonly isCount: boolean;
}

export const FORECAST_REASONS = [
  /** Fewer complete days than a week: nobody knows how the days of a week differ. */
  'too-early',
  /** Nothing was counted on any complete day: a rate of 0 says nothing about how sure it is. */
  'nothing-yet',
  /** The metric is no count and no sum of the days, or it comes in lumps. */
  'no-daily-count',
] as const;
export type ForecastReason = (typeof FORECAST_REASONS)[number];

export type Forecast =
  | { readonly kind: 'forecast'; readonly value: Ratio; readonly low: bigint; readonly high: bigint }
  | { readonly kind: 'none'; readonly reason: ForecastReason };

/** A week, so that every weekday was seen. */
const MIN_DAYS = 7;
/** Two weeks: each weekday was seen twice, so that its days can be compared with each other. */
const MIN_DAYS_BY_WEEKDAY = 14;

/**
 * Student's t for a two-sided 95 % interval, in thousandths, from so many degrees of freedom on. (Any table; between two lines
 * the wider one holds.)
 */
const T_95: readonly (readonly [number, bigint])[] = [
  ...([
    [6, 2447n],
    [7, 2365n],
    [8, 2306n],
    [9, 2262n],
    [10, 2228n],
    [12, 2179n],
    [15, 2131n],
  ] as const),
  ...([
    [20, 2086n],
    [30, 2042n],
    [40, 2021n],
    [60, 2000n],
    [120, 1980n],
    [1000, 1962n],
  ] as const),
];

/** Days that are expected to be alike. */
interface Stratum {
  readonly values: readonly bigint[];
  readonly mean: Ratio;
  readonly remaining: bigint;
}

const ZERO = ratio(0n, 1n);
const ONE = ratio(1n, 1n);

/**
 * What the total will be at the end, with a 95 % interval. The complete days so far give a mean, from two weeks on one for each
 * weekday; each remaining day is expected to be like it. value = sum of the complete days + sum of the means of the remaining
 * days, and never less than what was counted already.
 *
 * The interval is that of a quasi-Poisson model: the variance of a day is phi times its mean, where phi is Pearson's statistic
 * sum((y - mean)^2 / mean) / (days - means), for counts at least 1. To the noise of the remaining days comes that of the means
 * themselves: variance = phi x sum over the strata of (r x mean + r^2 x mean / n), with n days so far and r to come. The half
 * width is Student's t times its root, rounded outwards to a whole unit. (McCullagh and Nelder, Generalized Linear Models, 6.2,
 * 9.) What nobody can see in the past, as an advertisement tomorrow, is not in it.
 */
export function forecastTotal({ complete, actual, remaining, isCount }: Course): Forecast {
  if (remaining.length === 0)
    return { kind: 'forecast', value: ratio(actual, 1n), low: actual, high: actual };
  if (complete.length < MIN_DAYS) return { kind: 'none', reason: 'too-early' };
  const past = sum(complete.map(({ value }) => value));
  if (past === 0n) return { kind: 'none', reason: 'nothing-yet' };
  const strata = stratify(complete, remaining);
  const rest = strata
    .map(({ mean, remaining: days }) => multiplyRatio(mean, ratio(days, 1n)))
    .reduce(addRatio, ZERO);
  const expected = addRatio(ratio(past, 1n), rest);
  const value = compareRatio(expected, ratio(actual, 1n)) < 0 ? ratio(actual, 1n) : expected;
  const half = halfWidth(strata, complete.length, isCount);
  const low = floor(value) - half;
  return { kind: 'forecast', value, low: low < actual ? actual : low, high: ceil(value) + half };
}

function stratify(complete: readonly DailyValue[], remaining: readonly string[]): Stratum[] {
  const isByWeekday = complete.length >= MIN_DAYS_BY_WEEKDAY;
  const stratumOf = (day: string): number => (isByWeekday ? dayOfWeek(day) : 0);
  const values = new Map<number, bigint[]>();
  for (const { day, value } of complete)
    values.set(stratumOf(day), [...(values.get(stratumOf(day)) ?? []), value]);
  return [...values].map(([stratum, own]) => ({
    values: own,
    mean: ratio(sum(own), BigInt(own.length)),
    remaining: BigInt(remaining.filter((day) => stratumOf(day) === stratum).length),
  }));
}

function halfWidth(strata: readonly Stratum[], days: number, isCount: boolean): bigint {
  const freedom = days - strata.length;
  const noise = strata.map(noiseOf).reduce(addRatio, ZERO);
  const variance = multiplyRatio(dispersion(strata, freedom, isCount), noise);
  const t = ratio(studentT(freedom), 1000n);
  return ceilRoot(ceil(multiplyRatio(multiplyRatio(t, t), variance)));
}

/** r x mean + r^2 x mean / n */
function noiseOf({ values, mean, remaining }: Stratum): Ratio {
  const count = BigInt(values.length);
  return multiplyRatio(mean, ratio(remaining * count + remaining * remaining, count));
}

function dispersion(strata: readonly Stratum[], freedom: number, isCount: boolean): Ratio {
  const pearson = strata.map(pearsonOf).reduce(addRatio, ZERO);
  const phi = divideRatio(pearson, ratio(BigInt(freedom), 1n));
  return isCount && compareRatio(phi, ONE) < 0 ? ONE : phi;
}

/** sum((y - mean)^2 / mean) = (n x sum(y^2) - sum(y)^2) / sum(y); where the sum is 0, so is every day. */
function pearsonOf({ values }: Stratum): Ratio {
  const total = sum(values);
  if (total === 0n) return ZERO;
  const squares = sum(values.map((value) => value * value));
  return ratio(BigInt(values.length) * squares - total * total, total);
}

function studentT(freedom: number): bigint {
  const line = T_95.findLast(([from]) => freedom >= from);
  if (!line) throw new RangeError(`no t for ${freedom} degrees of freedom`);
  return line[1];
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

/** Of a ratio that is not negative. */
function floor({ numerator, denominator }: Ratio): bigint {
  return numerator / denominator;
}

function ceil({ numerator, denominator }: Ratio): bigint {
  return (numerator + denominator - 1n) / denominator;
}
