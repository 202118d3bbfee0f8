import type { Reward } from '../../campaigns/domain/reward.js';
import { type Conversion, inCampaignCurrency } from './conversion.js';

/**
 * What an accepted redemption costs the campaign's budget, in minor units of its currency: the discount that was given, or what the
 * gift costs whoever hands it out. Bonus points have no price until they are spent elsewhere. A discount that has no rate costs
 * nothing: it is only given where no budget of money is asked.
 */
export function rewardCost(reward: Reward, discount: bigint, conversion: Conversion): bigint {
  return (inCampaignCurrency(discount, conversion) ?? 0n) + giftCost(reward);
}

/** What a gift costs, in minor units; 0 for other rewards and for a gift without a price. */
export function giftCost(reward: Reward): bigint {
  return reward.kind === 'gift' ? (reward.unitCost?.minor ?? 0n) : 0n;
}
