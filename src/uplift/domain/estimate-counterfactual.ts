import type { ComparedSeries } from './compared-series.js';
import { type ModelDesign, designModel } from './design-model.js';
import { type FittedPoint, fitModel } from './fit-model.js';
import { type Forecast, forecastDays } from './forecast-days.js';
import { type Interval, scaleInterval } from './interval.js';
import { total } from './moments.js';
import type { Steps } from './steps.js';
import {
  mixtureCdf,
  mixtureMean,
  mixtureQuantile,
  mixtureUpperTail,
  type NormalMixture,
} from './normal-mixture.js';

/** What the campaign's days would have summed up to without it, and what that makes of what was observed. */
export interface CounterfactualTotal {
  readonly kind: 'estimated';
  readonly observed: number;
  readonly counterfactual: Interval;
  /** observed - counterfactual. */
  readonly effect: Interval;
  /** effect / counterfactual; null when the counterfactual is not above 0. */
  readonly relativeEffect: Interval | null;
  /** The smaller of P(counterfactual <= observed) and P(counterfactual >= observed): how odd the sum would be without an effect. */
  readonly tailProbability: number;
  /** The distribution of the counterfactual's sum. */
  readonly distribution: NormalMixture;
  /** Posterior means of the standard deviations of a day's step of the level and of an observation, in the unit of the series. */
  readonly levelDeviation: number;
  readonly observationDeviation: number;
}

/** One day of the campaign; `cumulative` is the effect from the first day up to and with this one. */
export interface CounterfactualDay {
  readonly day: number;
  readonly observed: number;
  readonly counterfactual: Interval;
  readonly cumulative: Interval;
}

export interface Counterfactual extends CounterfactualTotal {
  readonly days: readonly CounterfactualDay[];
}

export interface NoCounterfactual {
  readonly kind: 'undefined';
  readonly reason: 'constant-series' | 'no-days';
}

const TAIL = 0.025;

/**
 * What the campaign's days would have been without it: local level, static regression on the controls and days of the week,
 * fitted to the pre-period (Brodersen et al. 2015) with the priors of CausalImpact; exact on a grid instead of simulated. The
 * same input has the same output to the last digit. Undefined without two days before and one day of the campaign, and for a
 * series that did not vary before: a constant tells nothing of what chance does.
 */
export function* estimateCounterfactual(series: ComparedSeries): Steps<Counterfactual | NoCounterfactual> {
  const fitted = yield* fitSeries(series);
  if (fitted.kind === 'undefined') return fitted;
  return { ...describeTotal(series, fitted), days: yield* describeDays(series, fitted.forecast) };
}

/** The same without the single days, whose intervals take most of the time. */
export function* estimateTotal(series: ComparedSeries): Steps<CounterfactualTotal | NoCounterfactual> {
  const fitted = yield* fitSeries(series);
  return fitted.kind === 'undefined' ? fitted : describeTotal(series, fitted);
}

interface FittedSeries {
  readonly kind: 'fitted';
  readonly design: ModelDesign;
  readonly points: readonly FittedPoint[];
  readonly forecast: Forecast;
}

function* fitSeries(series: ComparedSeries): Steps<FittedSeries | NoCounterfactual> {
  if (series.start < 2 || series.start >= series.days.length) return { kind: 'undefined', reason: 'no-days' };
  const design = designModel(series);
  if (!design) return { kind: 'undefined', reason: 'constant-series' };
  const points = yield* fitModel(design);
  return { kind: 'fitted', design, points, forecast: forecastDays(design, points) };
}

function describeTotal(
  series: ComparedSeries,
  { design, points, forecast }: FittedSeries,
): CounterfactualTotal {
  const observed = total(series.observed.slice(series.start));
  const distribution = forecast.sums.at(-1)!;
  const counterfactual = intervalOf(distribution);
  const effect = effectOf(observed, counterfactual);
  const below = mixtureCdf(distribution, observed);
  const above = mixtureUpperTail(distribution, observed);
  const average = (of: (point: FittedPoint) => number): number =>
    total(points.map((point) => point.weight * of(point))) * design.scale;
  return {
    kind: 'estimated',
    ...{ observed, counterfactual, effect, distribution },
    relativeEffect: counterfactual.value > 0 ? scaleInterval(effect, 1 / counterfactual.value) : null,
    tailProbability: Math.min(below, above),
    levelDeviation: average(({ levelDeviation }) => levelDeviation),
    observationDeviation: average(({ observationDeviation }) => observationDeviation),
  };
}

function* describeDays(
  { observed, days, start }: ComparedSeries,
  forecast: Forecast,
): Steps<CounterfactualDay[]> {
  let sum = 0;
  const described: CounterfactualDay[] = [];
  for (const [index, mixture] of forecast.days.entries()) {
    yield;
    const value = observed[start + index]!;
    sum += value;
    const cumulative = effectOf(sum, intervalOf(forecast.sums[index]!));
    const counterfactual = intervalOf(mixture);
    described.push({ day: days[start + index]!, observed: value, counterfactual, cumulative });
  }
  return described;
}

function intervalOf(mixture: NormalMixture): Interval {
  return {
    value: mixtureMean(mixture),
    lower: mixtureQuantile(mixture, TAIL),
    upper: mixtureQuantile(mixture, 1 - TAIL),
  };
}

function effectOf(observed: number, { value, lower, upper }: Interval): Interval {
  return { value: observed - value, lower: observed - upper, upper: observed - lower };
}
