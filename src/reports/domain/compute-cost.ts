import { amount, count, type Figure } from '../../kernel/figure.js';
import type { ScopeFacts } from './scope-facts.js';
import { missing } from './undefined-reason.js';

/**
 * discountGiven = sum of the discounts on accepted redemptions minus the reversed part. Unit: campaign currency, each redemption
 * converted as a whole at the rate of its day; undefined `no-exchange-rate` while some have none.
 */
export function computeDiscountGiven({ discount, unconverted, currency }: ScopeFacts): Figure {
  const given = amount(discount, currency);
  if (unconverted === 0n) return given;
  return missing('no-exchange-rate', {
    redemptionsWithoutRate: count(unconverted),
    convertedDiscount: given,
  });
}

/**
 * leakage = discounts that tills gave on refused codes of the campaign, by their own statement. Unit: campaign currency.
 * Beside discountGiven and in no other figure: no participant has agreed to pay it. Part `offline`: of sales that were made
 * before the answer could come. Undefined `no-exchange-rate` while some have none.
 */
export function computeLeakage(facts: ScopeFacts): Figure {
  const { leakage, offlineLeakage, unconvertedLeakage, currency } = facts;
  if (unconvertedLeakage > 0n) {
    const parts = {
      refusalsWithoutRate: count(unconvertedLeakage),
      convertedLeakage: amount(leakage, currency),
    };
    return missing('no-exchange-rate', parts);
  }
  return { ...amount(leakage, currency), parts: { offline: amount(offlineLeakage, currency) } };
}

/**
 * cost = actual cost entries dated in scope (fees to third parties are entries too) + discountGiven + gift cost.
 * Planned entries never count. Unit: campaign currency.
 * Undefined `no-exchange-rate` while a discount or an entry has none, or `cost-not-allocated` in a part of a campaign whose entries
 * belong to the whole; its own parts are still told.
 */
export function computeCost(facts: ScopeFacts): Figure {
  const { costEntries, discount, giftCost, currency } = facts;
  const withoutRate = facts.unconverted + facts.unconvertedCosts;
  if (withoutRate > 0n) {
    const converted = amount((costEntries ?? 0n) + discount + giftCost, currency);
    return missing('no-exchange-rate', { costsWithoutRate: count(withoutRate), convertedCost: converted });
  }
  const own = { discountGiven: amount(discount, currency), giftCost: amount(giftCost, currency) };
  if (costEntries === null) return missing('cost-not-allocated', own);
  const parts = { costEntries: amount(costEntries, currency), ...own };
  return { ...amount(costEntries + discount + giftCost, currency), parts };
}
