import { count, defined, type Figure } from '../../kernel/figure.js';
import { ratio } from '../../kernel/ratio.js';
import type { ScopeFacts } from './scope-facts.js';
import { missing } from './undefined-reason.js';

/**
 * redemptionRate = accepted redemptions of coupons / coupons given out. Unit: ratio.
 * Coupons given out count whenever they were: only their redemptions are bound to the period. Those of a revoked batch that
 * was handed over count too, for their redemptions before the revocation do.
 * Undefined `coupons-not-allocated` in a scope that coupons are not given out for; without any coupon `shared-code` when
 * code words were redeemed, else `no-coupons-issued`.
 */
export function computeRedemptionRate(facts: ScopeFacts): Figure {
  const { redemptions, couponRedemptions, couponsIssued } = facts;
  const numerator = { couponRedemptions: count(couponRedemptions) };
  if (couponsIssued === null) return missing('coupons-not-allocated', numerator);
  const parts = { ...numerator, couponsIssued: count(couponsIssued) };
  if (couponsIssued > 0n) return defined(ratio(couponRedemptions, couponsIssued), 'ratio', parts);
  return missing(redemptions > couponRedemptions ? 'shared-code' : 'no-coupons-issued', parts);
}
