import { type Interval, scaleInterval, shiftInterval } from './interval.js';
import { mixtureCdf, type NormalMixture } from './normal-mixture.js';

export interface ProfitUpliftInput {
  /** Incremental sales over the campaign with their interval, and the distribution of the counterfactual's sum. */
  readonly effect: Interval;
  readonly observed: number;
  readonly distribution: NormalMixture;
  /** Profit as a share of sales: 0.2 is 20 %. */
  readonly marginRate: number;
  /** Of the campaign, in the unit of the sales; not negative. */
  readonly cost: number;
}

export interface ProfitUplift {
  /** margin x incremental sales: what the campaign earned before its cost. */
  readonly incrementalProfit: Interval;
  /** The same less the cost. */
  readonly netProfit: Interval;
  /** P(incremental profit > cost), which is P(ROI > 1); null without a cost: then there is no ROI. */
  readonly probabilityOfPayingOff: number | null;
}

/**
 * Profit uplift = margin x incremental sales - cost, the interval carried through: margin and cost are known, so it is scaled
 * and shifted. ROI > 1 when the counterfactual's sum is below observed - cost / margin.
 */
export function profitUplift({
  effect,
  observed,
  distribution,
  marginRate,
  cost,
}: ProfitUpliftInput): ProfitUplift {
  const incrementalProfit = scaleInterval(effect, marginRate);
  return {
    incrementalProfit,
    netProfit: shiftInterval(incrementalProfit, -cost),
    probabilityOfPayingOff: cost > 0 ? payOff(distribution, observed, cost, marginRate) : null,
  };
}

function payOff(distribution: NormalMixture, observed: number, cost: number, marginRate: number): number {
  // Sales without a margin never pay for anything.
  return marginRate > 0 ? mixtureCdf(distribution, observed - cost / marginRate) : 0;
}
