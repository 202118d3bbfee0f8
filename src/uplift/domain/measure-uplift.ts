import { checkGates, type Gate, type GateInput } from './check-gates.js';
import { compareWithAverage, compareWithSynthetic, type SyntheticControl } from './compare-differences.js';
import type { ComparedSeries } from './compared-series.js';
import { crossCheckEffect } from './cross-check-effect.js';
import {
  type Counterfactual,
  estimateCounterfactual,
  type NoCounterfactual,
} from './estimate-counterfactual.js';
import type { Interval } from './interval.js';
import { type Judgement, judgeUplift } from './judge-uplift.js';
import { predictionError } from './prediction-error.js';
import { runPlacebo } from './run-placebo.js';
import type { Steps } from './steps.js';

export type UpliftInput = Omit<GateInput, 'fit' | 'placebo'>;

/** All that is said of the effect of a campaign on one series. Effects are sums over the counted days of the campaign. */
export interface UpliftMeasurement {
  readonly counterfactual: Counterfactual | NoCounterfactual;
  readonly crossCheck: Interval | null;
  /** Both null with fewer than two controls: one control is what the counterfactual takes anyway. */
  readonly differenceInDifferences: Interval | null;
  readonly syntheticControl: SyntheticControl | null;
  readonly gates: readonly Gate[];
  readonly judgement: Judgement;
}

/** Measures the effect in every way there is, checks the gates and says the verdict. */
export function* measureUplift(input: UpliftInput): Steps<UpliftMeasurement> {
  const { series } = input;
  const hasDays = series.start >= 2 && series.start < series.days.length;
  const counterfactual = yield* estimateCounterfactual(series);
  const crossCheck = hasDays ? crossCheckEffect(series) : null;
  const isEstimated = counterfactual.kind === 'estimated';
  const gates = checkGates({
    ...input,
    fit: isEstimated ? predictionError(series, counterfactual) : null,
    placebo: isEstimated ? yield* runPlacebo(series) : null,
  });
  return {
    ...{ counterfactual, crossCheck, gates },
    ...compareSeveral(hasDays ? series : null),
    judgement: judgeUplift(isEstimated ? counterfactual.effect : counterfactual, crossCheck, gates),
  };
}

function compareSeveral(
  series: ComparedSeries | null,
): Pick<UpliftMeasurement, 'differenceInDifferences' | 'syntheticControl'> {
  if (!series || series.controls.length < 2) return { differenceInDifferences: null, syntheticControl: null };
  return {
    differenceInDifferences: compareWithAverage(series),
    syntheticControl: compareWithSynthetic(series),
  };
}
