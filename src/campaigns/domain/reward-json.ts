import { formatMoney, type Money, parseMoney } from '../../kernel/money.js';
import { formatRatio, parseRatio, type Ratio } from '../../kernel/ratio.js';
import type { Reward } from './reward.js';

/** Money as JSON carries it: a decimal string in major units. */
export interface MoneyJson {
  readonly amount: string;
  readonly currency: string;
}

/** A reward as the API shows it and as offer_terms.reward keeps it; `percent.value` "10" means 10 %. */
export type RewardJson =
  | { readonly kind: 'percent'; readonly value: string }
  | { readonly kind: 'amount'; readonly value: MoneyJson }
  | { readonly kind: 'gift'; readonly label: string; readonly unitCost?: MoneyJson }
  | { readonly kind: 'bonus_points'; readonly value: number };

/** Decimals a percentage may have. Requests with more are refused, so writing and reading a reward loses nothing. */
export const PERCENT_DECIMALS = 6;

/** The JSON form of a reward. */
export function toRewardJson(reward: Reward): RewardJson {
  switch (reward.kind) {
    case 'percent':
      return { kind: 'percent', value: formatPercent(reward.value) };
    case 'amount':
      return { kind: 'amount', value: toMoneyJson(reward.value) };
    case 'gift': {
      const { label, unitCost } = reward;
      return unitCost ? { kind: 'gift', label, unitCost: toMoneyJson(unitCost) } : { kind: 'gift', label };
    }
    case 'bonus_points':
      return reward;
  }
}

/** Reads back what `toRewardJson` wrote. Throws RangeError or MoneyFormatError on a damaged value. */
export function fromRewardJson(json: RewardJson): Reward {
  switch (json.kind) {
    case 'percent':
      return { kind: 'percent', value: parseRatio(json.value) };
    case 'amount':
      return { kind: 'amount', value: fromMoneyJson(json.value) };
    case 'gift':
      return {
        kind: 'gift',
        label: json.label,
        unitCost: json.unitCost ? fromMoneyJson(json.unitCost) : null,
      };
    case 'bonus_points':
      return json;
  }
}

/** A percentage without trailing zeros: "10", "12.5". */
export function formatPercent(value: Ratio): string {
  return formatRatio(value, PERCENT_DECIMALS).replace(/\.?0+$/, '');
}

/** Money with all decimals of its currency: `{ amount: "12.30", currency: "EUR" }`. */
export function toMoneyJson(money: Money): MoneyJson {
  return { amount: formatMoney(money), currency: money.currency };
}

function fromMoneyJson(json: MoneyJson): Money {
  return parseMoney(json.amount, json.currency);
}
