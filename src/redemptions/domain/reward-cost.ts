import type { Reward } from '../../campaigns/domain/reward.js';

/**
 * What an accepted redemption costs the campaign's budget, in minor units: the discount that was given, or what the gift costs whoever
 * hands it out. Bonus points have no price until they are spent elsewhere.
 */
export function rewardCost(reward: Reward, discount: bigint): bigint {
  return discount + giftCost(reward);
}

/** What a gift costs, in minor units; 0 for other rewards and for a gift without a price. */
export function giftCost(reward: Reward): bigint {
  return reward.kind === 'gift' ? (reward.unitCost?.minor ?? 0n) : 0n;
}
