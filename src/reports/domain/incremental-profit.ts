import { minorDigits } from '../../kernel/money.js';
import type { CampaignUplift } from '../../uplift/domain/measure-campaign.js';
import type { IncrementalProfit } from './profit-facts.js';
import { UNDEFINED_REASONS, type UndefinedReason } from './undefined-reason.js';

/**
 * The uplift of profit as income: the effect on the profit of the days, whatever its size is sure to be, once all gates have passed.
 * Minor units, half away from zero upwards: a measurement has no exact cents.
 */
export function readIncrementalProfit(uplift: CampaignUplift, currency: string): IncrementalProfit {
  const { measurement, reason } = uplift;
  if (!measurement) return { undefined: asUndefinedReason(reason ?? '') };
  const { judgement, counterfactual } = measurement;
  if (counterfactual.kind === 'undefined') return { undefined: 'not-measured' };
  if (judgement.verdict === 'not-measured')
    return { undefined: asUndefinedReason(judgement.because[0] ?? '') };
  const { value, lower, upper } = counterfactual.effect;
  const scale = 10 ** minorDigits(currency);
  const toMinor = (major: number): bigint => BigInt(Math.round(major * scale));
  return { value: toMinor(value), lower: toMinor(lower), upper: toMinor(upper) };
}

/** The gate that failed first, or what was missing; anything else is just not measured. */
function asUndefinedReason(reason: string): UndefinedReason {
  return UNDEFINED_REASONS.find((known) => known === reason) ?? 'not-measured';
}
