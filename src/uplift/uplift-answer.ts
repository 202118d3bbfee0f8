import { minorDigits } from '../kernel/money.js';
import type { LocalPeriod } from '../kernel/period.js';
import { formatRatio } from '../kernel/ratio.js';
import type { Gate } from './domain/check-gates.js';
import type { CounterfactualDay } from './domain/estimate-counterfactual.js';
import { scaleInterval } from './domain/interval.js';
import type { CampaignUplift, UpliftSource } from './domain/measure-campaign.js';
import type { MeasuredHoldOut } from './domain/measure-hold-out.js';
import type { UpliftMeasurement } from './domain/measure-uplift.js';
import { renderHoldOut } from './hold-out-answer.js';
import { plain, type Render, renderInterval, toRatio } from './render-measurement.js';
import type { UpliftResponse } from './uplift.dto.js';
import { dateOfDay } from './uplift-source.read-model.js';

export interface MeasuredUplift {
  readonly campaignId: string;
  readonly redeemerPartnerId: string;
  readonly period: LocalPeriod;
  /** The redeemer itself or the operator: others see the effect, and nothing of single days or of the time before. */
  readonly isOwner: boolean;
  /** Of the redeemer. */
  readonly currency: string;
  readonly source: UpliftSource;
  readonly uplift: CampaignUplift;
  readonly holdOut: MeasuredHoldOut;
}

/** The answer as the API gives it: decimal strings, money with the decimals of its currency, the rest with up to six. */
export function renderUplift(measured: MeasuredUplift): UpliftResponse {
  const { campaignId, redeemerPartnerId, period, isOwner, source, uplift } = measured;
  const unit = source.metric === 'receipts' ? 'count' : measured.currency;
  const money: Render = (value) => formatRatio(toRatio(value), minorDigits(measured.currency));
  const render = unit === 'count' ? plain : money;
  const { measurement } = uplift;
  const { verdict, because } = judgementOf(uplift);
  return {
    ...{ campaignId, redeemerPartnerId, metric: source.metric, unit, from: period.from, to: period.to },
    ...{ verdict, because: [...because] },
    ...renderEffects(measured, render),
    profit: renderProfit(measured, render),
    holdOut: renderHoldOut(measured.holdOut, isOwner, money),
    descriptive: isOwner ? renderDescriptive(measured, render) : { undefined: 'not-shared' },
    treatedChannelIds: isOwner ? [...source.choice.treated] : [],
    controls: isOwner ? source.choice.controls.map((ids) => ({ channelIds: [...ids] })) : [],
    gates: (measurement?.gates ?? []).map((gate) => renderGate(gate, isOwner)),
    series: isOwner ? renderSeries(measurement, render) : [],
  };
}

function judgementOf({
  measurement,
  reason,
}: CampaignUplift): Pick<UpliftMeasurement['judgement'], 'verdict' | 'because'> {
  return measurement?.judgement ?? { verdict: 'not-measured', because: reason ? [reason] : [] };
}

function renderEffects(
  { isOwner, source, uplift: { measurement, reason } }: MeasuredUplift,
  render: Render,
): Pick<UpliftResponse, 'counterfactual' | 'crossCheck' | 'differenceInDifferences' | 'syntheticControl'> {
  const crossCheck = measurement?.crossCheck;
  const average = measurement?.differenceInDifferences;
  const synthetic = measurement?.syntheticControl;
  const weights = source.choice.controls.map((ids, index) => ({
    channelIds: [...ids],
    weight: plain(synthetic?.weights[index] ?? 0),
  }));
  return {
    counterfactual: renderCounterfactual(measurement, { isOwner, reason }, render),
    crossCheck: crossCheck ? renderInterval(crossCheck, render) : { undefined: 'no-cross-check' },
    differenceInDifferences: average
      ? renderInterval(average, render)
      : { undefined: 'not-several-controls' },
    syntheticControl: synthetic
      ? { effect: renderInterval(synthetic.effect, render), ...(isOwner && { weights }) }
      : { undefined: 'not-several-controls' },
  };
}

function renderCounterfactual(
  measurement: UpliftMeasurement | null,
  { isOwner, reason }: Pick<MeasuredUplift, 'isOwner'> & Pick<CampaignUplift, 'reason'>,
  render: Render,
): UpliftResponse['counterfactual'] {
  if (!measurement) return { undefined: reason ?? 'no-days' };
  const found = measurement.counterfactual;
  if (found.kind === 'undefined') return { undefined: found.reason };
  const perDay = scaleInterval(found.effect, 1 / found.days.length);
  return {
    effect: renderInterval(found.effect, render),
    effectPerDay: renderInterval(perDay, render),
    relativeEffect: found.relativeEffect
      ? renderInterval(scaleInterval(found.relativeEffect, 100), plain)
      : { undefined: 'no-baseline' },
    tailProbability: plain(found.tailProbability),
    ...(isOwner && {
      observed: render(found.observed),
      counterfactual: renderInterval(found.counterfactual, render),
    }),
  };
}

function renderProfit(
  { source, uplift: { profit } }: MeasuredUplift,
  render: Render,
): UpliftResponse['profit'] {
  if ('undefined' in profit) return profit;
  const { incrementalProfit, netProfit, probabilityOfPayingOff: probability } = profit;
  return {
    incrementalProfit: renderInterval(incrementalProfit, render),
    netProfit: renderInterval(netProfit, render),
    cost: render('value' in source.cost ? source.cost.value : 0),
    probabilityOfPayingOff: probability === null ? { undefined: 'no-cost' } : { value: plain(probability) },
  };
}

function renderDescriptive(
  { source, uplift: { descriptive } }: MeasuredUplift,
  render: Render,
): UpliftResponse['descriptive'] {
  const { before, during, relativeChange } = descriptive;
  const window = (
    range: { readonly from: number; readonly to: number },
    { days, perDay }: { readonly days: number; readonly perDay: number | null },
  ) => ({
    from: dateOfDay(range.from),
    to: dateOfDay(range.to),
    days,
    perDay: perDay === null ? null : render(perDay),
  });
  return {
    label: 'descriptive',
    before: window(source.baseline, before),
    during: window(source.during, during),
    change:
      relativeChange === null
        ? { undefined: 'no-baseline' }
        : { value: plain(relativeChange * 100), unit: '%' },
  };
}

function renderGate({ name, result, figures }: Gate, isOwner: boolean): UpliftResponse['gates'][number] {
  if (!isOwner) return { name, result };
  const rendered = Object.entries(figures).map(([key, value]) => [key, value === null ? null : plain(value)]);
  return { name, result, figures: Object.fromEntries(rendered) as Record<string, string | null> };
}

function renderSeries(measurement: UpliftMeasurement | null, render: Render): UpliftResponse['series'] {
  const found = measurement?.counterfactual;
  return found?.kind === 'estimated' ? found.days.map((day) => renderDay(day, render)) : [];
}

function renderDay(
  { day, observed, counterfactual, cumulative }: CounterfactualDay,
  render: Render,
): UpliftResponse['series'][number] {
  return {
    day: dateOfDay(day),
    observed: render(observed),
    counterfactual: render(counterfactual.value),
    lower: render(counterfactual.lower),
    upper: render(counterfactual.upper),
    cumulative: render(cumulative.value),
    cumulativeLower: render(cumulative.lower),
    cumulativeUpper: render(cumulative.upper),
  };
}
