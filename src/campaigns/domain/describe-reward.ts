import { formatMoney } from '../../kernel/money.js';
import type { Reward } from './reward.js';
import { formatPercent } from './reward-json.js';

/** A few words that tell offers apart in a report: "10 %", "5.00 EUR", "Espresso", "100 points". */
export function describeReward(reward: Reward): string {
  switch (reward.kind) {
    case 'percent':
      return `${formatPercent(reward.value)} %`;
    case 'amount':
      return `${formatMoney(reward.value)} ${reward.value.currency}`;
    case 'gift':
      return reward.label;
    case 'bonus_points':
      return `${reward.value} points`;
  }
}
