import { amount, type Figure } from '../../kernel/figure.js';
import type { ScopeFacts } from './scope-facts.js';
import { missing } from './undefined-reason.js';

/** discountGiven = sum of the discounts on accepted redemptions minus the reversed part. Unit: campaign currency. */
export function computeDiscountGiven({ discount, currency }: ScopeFacts): Figure {
  return amount(discount, currency);
}

/**
 * leakage = discounts that tills gave on refused codes of the campaign, by their own statement. Unit: campaign currency.
 * Beside discountGiven and in no other figure: no participant has agreed to pay it. Part `offline`: of sales that were made
 * before the answer could come.
 */
export function computeLeakage({ leakage, offlineLeakage, currency }: ScopeFacts): Figure {
  return { ...amount(leakage, currency), parts: { offline: amount(offlineLeakage, currency) } };
}

/**
 * cost = actual cost entries dated in scope (fees to third parties are entries too) + discountGiven + gift cost.
 * Planned entries never count. Unit: campaign currency.
 * Undefined `cost-not-allocated` in a part of a campaign whose entries belong to the whole; its own parts are still told.
 */
export function computeCost({ costEntries, discount, giftCost, currency }: ScopeFacts): Figure {
  const own = { discountGiven: amount(discount, currency), giftCost: amount(giftCost, currency) };
  if (costEntries === null) return missing('cost-not-allocated', own);
  const parts = { costEntries: amount(costEntries, currency), ...own };
  return { ...amount(costEntries + discount + giftCost, currency), parts };
}
