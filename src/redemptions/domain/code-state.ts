import type { Reward } from '../../campaigns/domain/reward.js';

/** How late reports of an offline till are treated; `honour` records what the till gave although a limit was reached. */
export interface OfflinePolicy {
  readonly mode: 'refuse' | 'accept' | 'honour';
  readonly maxDelayHours: number;
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
}

/** A half-open stretch of time, epoch ms; `to` is null while the pause lasts. */
export interface Pause {
  readonly from: number;
  readonly to: number | null;
}

export interface OfferState {
  readonly offerId: string;
  /** The approved versions, by `approvedAt`. */
  readonly versions: readonly OfferTerms[];
  readonly pauses: readonly Pause[];
  readonly endedAt: number | null;
}

/** A code the asking redeemer may take. Instants are epoch ms; null means the code adds no bound of its own. */
export interface KnownCode {
  readonly kind: 'known';
  readonly codeId: string;
  readonly codeKind: 'coupon' | 'code_word';
  readonly maxRedemptions: number | null;
  readonly startsAt: number | null;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly offer: OfferState;
}

/** What the typed text turned out to be: a code, a typing error, nothing, or another partner's code. */
export type CodeState = KnownCode | { readonly kind: 'malformed' | 'unknown' | 'not-yours' };

/**
 * The terms an instant (epoch ms) falls under: the latest version approved by then, or the earliest one when the sale
 * came before any approval (its start date decides then). Null when no version has been approved.
 */
export function termsInForce(offer: OfferState, instant: number): OfferTerms | null {
  for (let index = offer.versions.length - 1; index > 0; index -= 1) {
    const terms = offer.versions[index];
    if (terms !== undefined && terms.approvedAt <= instant) return terms;
  }
  return offer.versions[0] ?? null;
}

/** How often the code may be accepted in all, or null for no limit. A coupon is single-use unless something says more. */
export function codeLimit(code: KnownCode, terms: OfferTerms): number | null {
  const own = code.maxRedemptions;
  const common = terms.perCodeLimit;
  if (own !== null && common !== null) return Math.min(own, common);
  return own ?? common ?? (code.codeKind === 'coupon' ? 1 : null);
}
