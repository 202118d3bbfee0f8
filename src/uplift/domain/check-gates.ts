import type { ComparedSeries } from './compared-series.js';
import { holdsZero } from './interval.js';
import { deviation } from './moments.js';
import type { PredictionError } from './prediction-error.js';
import type { Placebo } from './run-placebo.js';

export const GATE_NAMES = [
  /** At least one control series, and one of them varies. */
  'control',
  /** At least eight weeks of counted days before the campaign, and twice as many as it has. */
  'pre-period',
  /** At least half of the campaign's days are counted; a warning below nine of ten. */
  'counted-days',
  /** The model predicts a day before the campaign better than the same weekday a week earlier does. */
  'fit',
  /** The model finds no effect in the last days before the campaign. */
  'placebo',
  /** No code of the campaign was taken at the control's channels; never more than a warning. */
  'clean-control',
  /**
   * Controls were named or agreed, or each treated channel took at least five codes. Else where a code was taken, and so which
   * channel is compared with which, was partly luck on the very days in question: never more than a warning, but one that leaves
   * the verdict open.
   */
  'planned-channels',
] as const;
export type GateName = (typeof GATE_NAMES)[number];

/** `warned` leaves the verdict in force; `failed` takes it away. */
export const GATE_RESULTS = ['passed', 'warned', 'failed'] as const;
export type GateResult = (typeof GATE_RESULTS)[number];

export interface Gate {
  readonly name: GateName;
  readonly result: GateResult;
  /** What it was decided on; null for what could not be found out. */
  readonly figures: Readonly<Record<string, number | null>>;
}

/** What the gates look at besides the series. */
export interface GateInput {
  readonly series: ComparedSeries;
  /** Days of the campaign in the question that have come, with and without a count. */
  readonly campaignDays: number;
  /** Days between the first and the last of the pre-period that were dropped: closed, or nobody counted. */
  readonly droppedBefore: number;
  /** Accepted redemptions of the campaign at the channels of the controls. */
  readonly controlRedemptions: number;
  /** The fewest codes that a treated channel took; null when controls were named or agreed, not chosen by where codes were taken. */
  readonly fewestRedemptions: number | null;
  readonly fit: PredictionError | null;
  readonly placebo: Placebo | null;
}

const MIN_DAYS_BEFORE = 56;
/** A channel at which so many codes are to be expected has none in one of 150 cases (Poisson). */
const TELLING_REDEMPTIONS = 5;

/** What has to hold before the figures may be called an uplift, in the order of `GATE_NAMES`. */
export function checkGates(input: GateInput): Gate[] {
  return [
    checkControl(input.series),
    checkPrePeriod(input),
    checkCountedDays(input),
    checkFit(input.fit),
    checkPlacebo(input.placebo),
    checkCleanControl(input),
    checkPlannedChannels(input),
  ];
}

function checkControl({ controls, start }: ComparedSeries): Gate {
  const varying = controls.filter((control) => deviation(control.slice(0, start)) > 0).length;
  return gate('control', varying > 0, { controls: controls.length, varyingControls: varying });
}

function checkPrePeriod({ series, droppedBefore }: GateInput): Gate {
  const days = series.start;
  const needed = Math.max(MIN_DAYS_BEFORE, 2 * (series.days.length - days));
  return gate('pre-period', days >= needed, { days, neededDays: needed, droppedDays: droppedBefore });
}

function checkCountedDays({ series, campaignDays }: GateInput): Gate {
  const counted = series.days.length - series.start;
  const figures = { countedDays: counted, campaignDays, droppedDays: campaignDays - counted };
  if (counted === 0 || 2 * counted < campaignDays) return { name: 'counted-days', result: 'failed', figures };
  return { name: 'counted-days', result: 10 * counted < 9 * campaignDays ? 'warned' : 'passed', figures };
}

function checkFit(fit: PredictionError | null): Gate {
  const figures = {
    error: fit?.error ?? null,
    naiveError: fit?.naiveError ?? null,
    relativeError: fit?.relativeError ?? null,
  };
  return gate('fit', fit !== null && fit.error <= fit.naiveError, figures);
}

function checkPlacebo(placebo: Placebo | null): Gate {
  const { value = null, lower = null, upper = null } = placebo?.effect ?? {};
  const figures = { days: placebo?.days ?? null, effect: value, lower, upper };
  return gate('placebo', placebo !== null && holdsZero(placebo.effect), figures);
}

function checkCleanControl({ controlRedemptions }: GateInput): Gate {
  const result = controlRedemptions > 0 ? 'warned' : 'passed';
  return { name: 'clean-control', result, figures: { redemptions: controlRedemptions } };
}

function checkPlannedChannels({ fewestRedemptions }: GateInput): Gate {
  const isLuck = fewestRedemptions !== null && fewestRedemptions < TELLING_REDEMPTIONS;
  return {
    name: 'planned-channels',
    result: isLuck ? 'warned' : 'passed',
    figures: { fewestRedemptions, neededRedemptions: TELLING_REDEMPTIONS },
  };
}

function gate(name: GateName, isPassed: boolean, figures: Gate['figures']): Gate {
  return { name, result: isPassed ? 'passed' : 'failed', figures };
}
