import { addDays, startOfDay } from '../../kernel/period.js';
import type { Ratio } from '../../kernel/ratio.js';
import type { Budget } from './budget.js';
import type { OfflinePolicy, ReversalPolicy } from './offer-state.js';
import type { Target } from './target.js';

export const INCOME_BASES = ['revenue', 'margin', 'incremental_profit'] as const;
export type IncomeBasis = (typeof INCOME_BASES)[number];

/** The part of a version's terms that all offers of the campaign share. Dates are local dates in the campaign zone. */
export interface CampaignTerms {
  readonly startsOn: string;
  /** The last day on which the campaign runs. */
  readonly endsOn: string;
  /** The last day on which codes are taken; null means `endsOn`. */
  readonly redeemUntil: string | null;
  readonly incomeBasis: IncomeBasis;
  readonly newCustomerLookbackDays: number;
  readonly returningAfterDays: number;
  /** How many days before a redemption a touch may lie to have a part in it. */
  readonly attributionLookbackDays: number;
  readonly reversalPolicy: ReversalPolicy;
  readonly offlinePolicy: OfflinePolicy;
  /** What the campaign may give away; null is without bound. */
  readonly budget: Budget | null;
  /**
   * Channels of participants whose daily receipts may be set beside those of the campaign, to tell what would have been without
   * it. Their owner agrees to that by approving the terms.
   */
  readonly controlChannels: readonly string[];
  /**
   * How one-sided an exchange may be: what two partners sent each other may differ by this percentage of both together. Null:
   * none was agreed.
   */
  readonly reciprocityTolerance: Ratio | null;
  readonly targets: readonly Target[];
  /** The share of customers that get no code, so that what the campaign adds can be told from the others. Null: nobody is held out. */
  readonly holdOutShare: Ratio | null;
}

/** The half-open stretch of time in which codes are taken, epoch ms. */
export interface RedemptionWindow {
  readonly startsAt: number;
  readonly redeemBefore: number;
}

/**
 * From the first instant of `startsOn` to the first instant after the last day of redemption, both in the campaign zone:
 * an end date means the end of that day there, however long the day is. Throws RangeError on a malformed date.
 */
export function redemptionWindow(
  terms: Pick<CampaignTerms, 'startsOn' | 'endsOn' | 'redeemUntil'>,
  timeZone: string,
): RedemptionWindow {
  const dayAfter = addDays(terms.redeemUntil ?? terms.endsOn, 1);
  return { startsAt: startOfDay(terms.startsOn, timeZone), redeemBefore: startOfDay(dayAfter, timeZone) };
}
