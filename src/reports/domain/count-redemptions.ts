import { count, type Figure } from '../../kernel/figure.js';
import type { ScopeFacts } from './scope-facts.js';

/** acceptedRedemptions = accepted redemptions whose reversals do not sum to the full amount. Unit: count. */
export function countAcceptedRedemptions({ redemptions, couponRedemptions }: ScopeFacts): Figure {
  return { ...count(redemptions), parts: { couponRedemptions: count(couponRedemptions) } };
}

/** refusals = recorded attempts that were refused, with a code that belongs to the campaign. Unit: count. */
export function countRefusals({ refusals }: ScopeFacts): Figure {
  return count(refusals);
}
