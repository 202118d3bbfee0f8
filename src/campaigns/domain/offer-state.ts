import type { Budget } from './budget.js';
import type { Reward } from './reward.js';

/** Who bears the discount of a redemption that was honoured over a limit: the redeemer alone, or whoever funds the offer. */
export const OVER_LIMIT_BEARERS = ['redeemer', 'funders'] as const;
export type OverLimitBearer = (typeof OVER_LIMIT_BEARERS)[number];

/** How late reports of an offline till are treated; `honour` records what the till gave although a limit was reached. */
export type OfflinePolicy =
  | { readonly mode: 'refuse' | 'accept'; readonly maxDelayHours: number }
  | { readonly mode: 'honour'; readonly maxDelayHours: number; readonly bearer: OverLimitBearer };

/** The policy as it is kept: `bearer` is null for the modes that honour nothing. */
export interface KeptOfflinePolicy {
  readonly offlineMode: OfflinePolicy['mode'];
  readonly maxDelayHours: number;
  readonly offlineBearer: OverLimitBearer | null;
}

export function toOfflinePolicy(kept: KeptOfflinePolicy): OfflinePolicy {
  const { offlineMode: mode, maxDelayHours, offlineBearer } = kept;
  if (mode !== 'honour') return { mode, maxDelayHours };
  return { mode, maxDelayHours, bearer: offlineBearer ?? 'redeemer' };
}

/**
 * Whether a reversal gives the use of the code back. `void_only`: only when it comes within `voidMinutes` of the sale;
 * `voidMinutes` is null for the other two.
 */
export interface ReversalPolicy {
  readonly returnUse: 'always' | 'never' | 'void_only';
  readonly voidMinutes: number | null;
}

/** One approved version of an offer's terms. Instants are epoch ms, money minor units; a null limit is no limit. */
export interface OfferTerms {
  readonly version: number;
  readonly approvedAt: number;
  readonly startsAt: number;
  /** The first instant at which a code is no longer taken. */
  readonly redeemBefore: number;
  /** IANA zone whose local date a daily limit counts in. */
  readonly timeZone: string;
  readonly offlinePolicy: OfflinePolicy;
  readonly reward: Reward;
  readonly minimumSpend: bigint | null;
  readonly maximumDiscount: bigint | null;
  readonly perCodeLimit: number | null;
  readonly perCustomerLimit: number | null;
  readonly totalLimit: number | null;
  readonly dailyLimit: number | null;
  /** Of the whole campaign. */
  readonly budget: Budget | null;
}

/** A half-open stretch of time, epoch ms; `to` is null while the pause lasts. */
export interface Pause {
  readonly from: number;
  readonly to: number | null;
}

/** All that decides when and how an offer can be redeemed: what was approved, when it was paused, when it was ended. */
export interface OfferState {
  readonly offerId: string;
  readonly campaignId: string;
  /** Whether any approved version has a budget: only then is it looked at what the campaign's other offers took. */
  readonly hasBudget: boolean;
  /** The approved versions, by `approvedAt`. */
  readonly versions: readonly OfferTerms[];
  readonly pauses: readonly Pause[];
  readonly endedAt: number | null;
}
