import type { OfferState, OfferTerms } from '../../campaigns/domain/offer-state.js';

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
