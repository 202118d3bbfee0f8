import { type Budget, BUDGET_SCOPES, type Cap } from '../../campaigns/domain/budget.js';
import type { BudgetUses, Taken } from './uses.js';

/** Whether one more redemption that costs `cost` (minor units) would pass a cap of the budget; a free one passes no cap of money. */
export function exhaustsBudget(budget: Budget, uses: BudgetUses, cost: bigint): boolean {
  return BUDGET_SCOPES.some((scope) => {
    const cap = budget[scope];
    return cap !== null && isPassed(cap, uses[scope], cost);
  });
}

function isPassed({ amount, redemptions }: Cap, { uses, spent }: Taken, cost: bigint): boolean {
  const isTooMuch = amount !== null && cost > 0n && spent + cost > amount.minor;
  return isTooMuch || (redemptions !== null && uses + 1 > redemptions);
}
