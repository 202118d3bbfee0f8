import { count, defined, type Figure } from '../../kernel/figure.js';
import { divideRatio, ratio } from '../../kernel/ratio.js';
import { computeCost } from './compute-cost.js';
import type { ScopeFacts } from './scope-facts.js';
import { missing, type UndefinedReason } from './undefined-reason.js';

/** cac = cost / newCustomers. Unit: campaign currency. Undefined as cost is, or `no-new-customers`. */
export function computeCac(facts: ScopeFacts): Figure {
  return costPer(facts, 'newCustomers', facts.newCustomers, 'no-new-customers');
}

/**
 * costPerReturning = cost / distinct returning customers who had been absent for `returningAfterDays`.
 * Unit: campaign currency. Undefined as cost is, or `no-returning-customers`.
 */
export function computeCostPerReturning(facts: ScopeFacts): Figure {
  return costPer(facts, 'returningAfterAbsence', facts.returningAfterAbsence, 'no-returning-customers');
}

function costPer(facts: ScopeFacts, name: string, customers: bigint, none: UndefinedReason): Figure {
  const cost = computeCost(facts);
  if ('undefined' in cost) return cost;
  const parts = { cost: { value: cost.value, unit: cost.unit }, [name]: count(customers) };
  if (customers === 0n) return missing(none, parts);
  return defined(divideRatio(cost.value, ratio(customers, 1n)), facts.currency, parts);
}
