import type { ReversalPolicy } from '../../campaigns/domain/offer-state.js';

/** What a redemption took from the budget (minor units), and what one of its reversals undid. */
export interface UndoneCost {
  readonly redemption: {
    readonly discount: bigint;
    readonly giftCost: bigint;
    readonly honouredOverLimit: boolean;
  };
  /** The part of the discount that this reversal undid. */
  readonly discount: bigint;
  readonly completes: boolean;
  readonly useReturned: boolean;
}

/**
 * What a reversal gives back to the budget, in minor units. Where every use comes back, each part of the discount does at once and a gift
 * with the last part; where a use comes back only with a void, the whole cost comes back with the use. So all reversals of one
 * redemption together never give back more than it took.
 */
export function returnedCost(
  { redemption, discount, completes, useReturned }: UndoneCost,
  policy: ReversalPolicy,
): bigint {
  if (redemption.honouredOverLimit) return 0n;
  if (policy.returnUse === 'always') return discount + (completes ? redemption.giftCost : 0n);
  return useReturned ? redemption.discount + redemption.giftCost : 0n;
}
