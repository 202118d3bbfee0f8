import { mean } from './moments.js';

/** Before and during, per day: what happened, and not what the campaign did. */
export interface DescriptiveChange {
  readonly before: { readonly days: number; readonly perDay: number | null };
  readonly during: { readonly days: number; readonly perDay: number | null };
  /** during / before - 1; null when there is nothing before to compare with. */
  readonly relativeChange: number | null;
}

/**
 * The naive change from before to during. Descriptive: a whole town that buys more in November looks like a campaign that works.
 */
export function describeChange(before: readonly number[], during: readonly number[]): DescriptiveChange {
  const perDayBefore = before.length > 0 ? mean(before) : null;
  const perDayDuring = during.length > 0 ? mean(during) : null;
  const isComparable = perDayBefore !== null && perDayDuring !== null && perDayBefore > 0;
  return {
    before: { days: before.length, perDay: perDayBefore },
    during: { days: during.length, perDay: perDayDuring },
    relativeChange: isComparable ? perDayDuring / perDayBefore - 1 : null,
  };
}
