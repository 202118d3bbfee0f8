import { type Budget, BUDGET_SCOPES } from '../../campaigns/domain/budget.js';
import type { OfferTerms } from '../../campaigns/domain/offer-state.js';
import type { Reward } from '../../campaigns/domain/reward.js';
import { divideRatio, type Ratio, ratio } from '../../kernel/ratio.js';
import { convertMinor } from '../../rates/domain/convert-minor.js';

/**
 * How the money of a receipt is brought to that of the terms, which is the campaign's currency. `perMinor`: minor units of the
 * campaign's currency for one of the receipt's, on the day of the sale. `unknown`: another currency, and nobody has told the rate.
 */
export type Conversion =
  | { readonly kind: 'same' }
  | { readonly kind: 'rate'; readonly perMinor: Ratio; readonly currency: string }
  | { readonly kind: 'unknown' };

export const SAME_CURRENCY: Conversion = { kind: 'same' };

/** An amount of the receipt in the campaign's currency (minor units, half-even); null while there is no rate. 0 is 0 at any rate. */
export function inCampaignCurrency(amount: bigint, conversion: Conversion): bigint | null {
  if (conversion.kind === 'same' || amount === 0n) return amount;
  return conversion.kind === 'rate' ? convertMinor(amount, conversion.perMinor) : null;
}

/**
 * The terms as a till reads them: minimum spend, maximum discount and an amount off in the receipt's currency, each rounded half-even
 * to its minor unit. The budget and the price of a gift stay in the campaign's, and are compared there. Without a rate there is
 * nothing to compare with: such terms ask for nothing here, and `lacksRate` says that they cannot decide.
 */
export function termsAtTill(terms: OfferTerms, conversion: Conversion): OfferTerms {
  if (conversion.kind === 'same') return terms;
  if (conversion.kind === 'unknown') return { ...terms, minimumSpend: null, maximumDiscount: null };
  const { perMinor, currency } = conversion;
  const back = divideRatio(ratio(1n, 1n), perMinor);
  const converted = (amount: bigint | null) => (amount === null ? null : convertMinor(amount, back));
  return {
    ...terms,
    reward: rewardAtTill(terms.reward, currency, back),
    minimumSpend: converted(terms.minimumSpend),
    maximumDiscount: converted(terms.maximumDiscount),
  };
}

/**
 * Whether the answer hangs on money that cannot be compared for want of a rate: an amount off, a minimum spend, a maximum of a
 * percentage, or a budget of money that the discount would be taken from. A plain percentage, a gift and points need no rate.
 */
export function lacksRate(terms: OfferTerms, discount: bigint, conversion: Conversion): boolean {
  if (conversion.kind !== 'unknown') return false;
  const { reward, minimumSpend, maximumDiscount, budget } = terms;
  if (minimumSpend !== null || reward.kind === 'amount') return true;
  if (maximumDiscount !== null && reward.kind === 'percent') return true;
  return discount > 0n && budget !== null && capsMoney(budget);
}

function rewardAtTill(reward: Reward, currency: string, back: Ratio): Reward {
  if (reward.kind !== 'amount') return reward;
  return { kind: 'amount', value: { minor: convertMinor(reward.value.minor, back), currency } };
}

function capsMoney(budget: Budget): boolean {
  return BUDGET_SCOPES.some((scope) => budget[scope] !== null && budget[scope].amount !== null);
}
