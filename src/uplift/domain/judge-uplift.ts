import type { Gate, GateName } from './check-gates.js';
import { holdsZero, type Interval } from './interval.js';

export const UPLIFT_VERDICTS = ['increase', 'decrease', 'inconclusive', 'not-measured'] as const;
export type UpliftVerdict = (typeof UPLIFT_VERDICTS)[number];

/** Why a verdict is not plainer; `gate-…` names the gate that failed. */
export const VERDICT_REASONS = [
  /** No channel of the redeemer took a code of the campaign: there is nothing that it could have moved. */
  'no-redemptions',
  /** The metric is profit, and some receipts have neither a posted cost of goods nor a margin rate of their channel. */
  'no-margin-data',
  /** Nobody counted a receipt of the channels that took codes. */
  'no-receipt-totals',
  'constant-series',
  'no-days',
  'no-cross-check',
  'signs-differ',
  'counterfactual-holds-zero',
  'cross-check-holds-zero',
  'channels-chosen-by-outcome',
  'gate-control',
  'gate-pre-period',
  'gate-counted-days',
  'gate-fit',
  'gate-placebo',
  'gate-clean-control',
  'gate-planned-channels',
] as const;
export type VerdictReason = (typeof VERDICT_REASONS)[number];

export interface Judgement {
  readonly verdict: UpliftVerdict;
  /** Empty for `increase` and `decrease`. */
  readonly because: readonly VerdictReason[];
}

/**
 * The verdict in words. `not-measured` when a gate failed or there is no counterfactual: the figures are shown and mean nothing
 * yet. `inconclusive` when the counterfactual and the cross-check differ in sign, or the interval of either holds 0, or where codes were
 * taken was partly luck: a shop that sold more by chance took a code by the same chance. Else `increase` or `decrease`: both say so, each by itself beyond 95 %.
 */
export function judgeUplift(
  counterfactual: Interval | { readonly reason: 'constant-series' | 'no-days' },
  crossCheck: Interval | null,
  gates: readonly Gate[],
): Judgement {
  const failed = gates.filter(({ result }) => result === 'failed').map(({ name }) => reasonOf(name));
  if ('reason' in counterfactual)
    return { verdict: 'not-measured', because: [counterfactual.reason, ...failed] };
  if (failed.length > 0) return { verdict: 'not-measured', because: failed };
  if (!crossCheck) return { verdict: 'inconclusive', because: ['no-cross-check'] };
  const isByOutcome = gates.some(({ name, result }) => name === 'planned-channels' && result === 'warned');
  const because: VerdictReason[] = [
    ...(counterfactual.value * crossCheck.value < 0 ? (['signs-differ'] as const) : []),
    ...(holdsZero(counterfactual) ? (['counterfactual-holds-zero'] as const) : []),
    ...(holdsZero(crossCheck) ? (['cross-check-holds-zero'] as const) : []),
    ...(isByOutcome ? (['channels-chosen-by-outcome'] as const) : []),
  ];
  if (because.length > 0) return { verdict: 'inconclusive', because };
  return { verdict: counterfactual.value > 0 ? 'increase' : 'decrease', because };
}

function reasonOf(name: GateName): VerdictReason {
  return `gate-${name}`;
}
