import { addDays, localDate, startOfDay } from '../../kernel/period.js';

/** Instants are epoch ms, the first one at which the coupon is no longer taken. */
export interface CouponValidity {
  /** The coupon's own bound; null: it is taken as long as its campaign takes codes. */
  readonly expiresAt: number | null;
  /** What the customer is told: the coupon's own bound or the campaign's, whichever comes first. */
  readonly toldExpiresAt: number;
}

export interface ValidityTerms {
  readonly validDays: number | null;
  /** The first instant at which the campaign takes no codes, by the terms in force. */
  readonly redeemBefore: number;
  readonly timeZone: string;
}

/**
 * Until when a coupon issued at `issuedAt` is taken: to the end of the local day that is `validDays` after the day of its
 * issuance (0: that day), in the campaign's zone, whatever the clocks do meanwhile.
 * The campaign's bound is not written into the coupon: when all agree to take codes longer, these are codes too.
 */
export function couponValidity(
  issuedAt: number,
  { validDays, redeemBefore, timeZone }: ValidityTerms,
): CouponValidity {
  if (validDays === null) return { expiresAt: null, toldExpiresAt: redeemBefore };
  const dayAfter = addDays(localDate(issuedAt, timeZone), validDays + 1);
  const expiresAt = startOfDay(dayAfter, timeZone);
  return { expiresAt, toldExpiresAt: Math.min(expiresAt, redeemBefore) };
}
