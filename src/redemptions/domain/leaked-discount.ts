import type { Verdict } from './judge-redemption.js';

/**
 * What the till took off although the code was refused, in minor units: the money is gone, and no participant has agreed to pay
 * it. An offline till made the sale before it asked; an online one that states a discount says that it has taken it off
 * all the same. 0 when it stated none, and for a code that was accepted on the same receipt before: that redemption has the discount.
 */
export function leakedDiscount(verdict: Verdict, discountTaken: bigint | null): bigint {
  if (verdict.kind === 'accepted' || verdict.reason === 'receipt.already-used') return 0n;
  return discountTaken ?? 0n;
}
