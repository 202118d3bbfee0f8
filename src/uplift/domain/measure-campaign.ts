import type { ChannelChoice } from './choose-channels.js';
import {
  compareDays,
  type DailyValue,
  type DayRange,
  type DaySums,
  sumByDay,
  valuesWithin,
} from './daily-values.js';
import { describeChange, type DescriptiveChange } from './describe-change.js';
import type { VerdictReason } from './judge-uplift.js';
import { measureUplift, type UpliftMeasurement } from './measure-uplift.js';
import { type ProfitUplift, profitUplift } from './profit-uplift.js';
import type { Steps } from './steps.js';

export const UPLIFT_METRICS = ['revenue', 'receipts', 'profit'] as const;
export type UpliftMetric = (typeof UPLIFT_METRICS)[number];

/** Why there is no profit uplift. The first six also stand in campaign reports. */
export const NO_PROFIT_REASONS = [
  'no-margin-data',
  'currency-not-converted',
  'no-exchange-rate',
  'cost-not-allocated',
  'not-measured',
  'no-receipt-totals',
  'metric-has-no-profit',
] as const;
export type NoProfitReason = (typeof NO_PROFIT_REASONS)[number];

/** A number, or why there is none. */
export type Known<R extends string> = { readonly value: number } | { readonly undefined: R };

/** All that the uplift of one campaign at one redeemer is measured from. Money in major units of the redeemer's currency. */
export interface UpliftSource {
  readonly metric: UpliftMetric;
  readonly choice: ChannelChoice;
  readonly values: readonly DailyValue[];
  /** Whether every counted day has a value; false where a profit has neither a cost nor a margin rate. */
  readonly isComplete: boolean;
  /** The first day of the campaign. */
  readonly start: number;
  /** The days in question that are over. */
  readonly during: DayRange;
  readonly baseline: DayRange;
  /** Profit as a share of sales on the days in question: 1 for the metric profit. */
  readonly marginRate: Known<NoProfitReason>;
  /** Of the campaign on those days. */
  readonly cost: Known<NoProfitReason>;
}

export interface CampaignUplift {
  readonly descriptive: DescriptiveChange;
  /** Null when there is nothing to measure; then `reason` says why. */
  readonly measurement: UpliftMeasurement | null;
  readonly reason: VerdictReason | null;
  readonly profit: ProfitUplift | { readonly undefined: NoProfitReason };
}

/** The uplift of one campaign at one redeemer, with everything that stands around it. */
export function* measureCampaign(source: UpliftSource): Steps<CampaignUplift> {
  const { choice, values, start, during, baseline } = source;
  const treated = sumByDay(values, new Set(choice.treated));
  const descriptive = describeChange(valuesWithin(treated, baseline), valuesWithin(treated, during));
  const reason = findReason(source, treated);
  if (reason)
    return { descriptive, measurement: null, reason, profit: { undefined: asProfitReason(reason) } };
  const controls = choice.controls.map((group) => sumByDay(values, new Set(group)));
  const compared = compareDays(treated, controls, start, during);
  const measurement = yield* measureUplift({
    ...compared,
    campaignDays: during.to - during.from,
    controlRedemptions: choice.controlRedemptions,
    fewestRedemptions: choice.fewestRedemptions,
  });
  return { descriptive, measurement, reason: null, profit: toProfit(source, measurement) };
}

function findReason({ choice, isComplete }: UpliftSource, treated: DaySums): VerdictReason | null {
  if (choice.treated.length === 0) return 'no-redemptions';
  if (!isComplete) return 'no-margin-data';
  return treated.size === 0 ? 'no-receipt-totals' : null;
}

function asProfitReason(reason: VerdictReason): NoProfitReason {
  return reason === 'no-margin-data' || reason === 'no-receipt-totals' ? reason : 'not-measured';
}

function toProfit(
  { marginRate, cost }: UpliftSource,
  { counterfactual }: UpliftMeasurement,
): CampaignUplift['profit'] {
  if ('undefined' in marginRate) return marginRate;
  if ('undefined' in cost) return cost;
  if (counterfactual.kind === 'undefined') return { undefined: 'not-measured' };
  return profitUplift({ ...counterfactual, marginRate: marginRate.value, cost: cost.value });
}
