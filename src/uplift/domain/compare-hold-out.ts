import { type Interval, marginInterval } from './interval.js';
import { mean, variance } from './moments.js';
import { studentQuantile } from './student-distribution.js';

/** Outcomes of one arm, added up: how many customers, the sum of what they did, and the sum of its squares. */
export interface ArmSums {
  readonly customers: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

/** Treated less withheld, per customer; or why that cannot be said. */
export type ArmDifference =
  | { readonly kind: 'measured'; readonly difference: Interval; readonly degreesOfFreedom: number }
  | { readonly kind: 'undefined'; readonly reason: 'arm-too-small' | 'no-variance' };

/**
 * Difference in means of the arm that got codes and the arm from which they were withheld, with Welch's standard error and
 * degrees of freedom: the arms differ in size by design, and a campaign that works changes the spread too. Undefined with fewer
 * than two customers in an arm, and when no outcome differs from another within its arm.
 */
export function compareHoldOut(treated: ArmSums, withheld: ArmSums): ArmDifference {
  if (treated.customers < 2 || withheld.customers < 2) return { kind: 'undefined', reason: 'arm-too-small' };
  const [a, b] = [squaredError(treated), squaredError(withheld)];
  if (a + b === 0) return { kind: 'undefined', reason: 'no-variance' };
  const degreesOfFreedom =
    (a + b) ** 2 / (a ** 2 / (treated.customers - 1) + b ** 2 / (withheld.customers - 1));
  const difference = treated.sum / treated.customers - withheld.sum / withheld.customers;
  const margin = studentQuantile(0.975, degreesOfFreedom) * Math.sqrt(a + b);
  return { kind: 'measured', difference: marginInterval(difference, margin), degreesOfFreedom };
}

/** The squared standard error of the mean of one arm. */
function squaredError({ customers, sum, sumOfSquares }: ArmSums): number {
  const spread = sumOfSquares - (sum * sum) / customers;
  // Equal outcomes leave rounding errors.
  if (spread <= 1e-12 * sumOfSquares) return 0;
  return spread / (customers - 1) / customers;
}

/** The sums of single outcomes. */
export function sumArm(outcomes: readonly number[]): ArmSums {
  const customers = outcomes.length;
  if (customers < 2)
    return { customers, sum: customers * (outcomes[0] ?? 0), sumOfSquares: (outcomes[0] ?? 0) ** 2 };
  const sum = mean(outcomes) * customers;
  return { customers, sum, sumOfSquares: variance(outcomes) * (customers - 1) + (sum * sum) / customers };
}

/** Customers that came only because of the campaign: treated x (rate of the treated - rate of the withheld). */
export function incrementalCustomers(treated: ArmSums, withheld: ArmSums): number | null {
  if (treated.customers === 0 || withheld.customers === 0) return null;
  return treated.customers * (treated.sum / treated.customers - withheld.sum / withheld.customers);
}

/**
 * Incremental CAC = cost / incremental customers, in the unit of the cost. Null when the campaign brought no more customers than
 * came without it: a cost per customer of a customer that did not come is no number.
 */
export function incrementalCac(cost: number, treated: ArmSums, withheld: ArmSums): number | null {
  const customers = incrementalCustomers(treated, withheld);
  return customers !== null && customers > 0 ? cost / customers : null;
}
