import type { Reward } from '../../campaigns/domain/reward.js';
import { ratio, roundRatio } from '../../kernel/ratio.js';

/**
 * The discount a reward gives on a receipt, in minor units of the receipt's currency. A percentage is rounded half-even to a
 * whole minor unit; the result is never above the maximum, never above the subtotal and never negative. Gifts and bonus
 * points take nothing off. An amount is taken to be in the receipt's currency: an offer has one currency.
 */
export function computeDiscount(reward: Reward, subtotal: bigint, maximumDiscount: bigint | null): bigint {
  let discount = uncappedDiscount(reward, subtotal);
  if (maximumDiscount !== null && discount > maximumDiscount) discount = maximumDiscount;
  if (discount > subtotal) discount = subtotal;
  return discount < 0n ? 0n : discount;
}

function uncappedDiscount(reward: Reward, subtotal: bigint): bigint {
  switch (reward.kind) {
    case 'percent':
      return roundRatio(ratio(subtotal * reward.value.numerator, 100n * reward.value.denominator));
    case 'amount':
      return reward.value.minor;
    case 'gift':
    case 'bonus_points':
      return 0n;
  }
}
