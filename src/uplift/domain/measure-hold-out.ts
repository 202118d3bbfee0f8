import {
  type ArmDifference,
  type ArmSums,
  compareHoldOut,
  incrementalCac,
  incrementalCustomers,
} from './compare-hold-out.js';
import type { Interval } from './interval.js';
import type { Known, NoProfitReason } from './measure-campaign.js';

/**
 * Of fewer customers the mean of what they spent is far from normal, since most spend nothing and a few a lot; and one single
 * customer would show in it.
 */
export const FEWEST_CUSTOMERS = 30;

/** What the customers of one arm did after they were assigned. Revenue in major units of the redeemer's currency. */
export interface ArmOutcomes {
  readonly customers: number;
  /** Customers that bought something. */
  readonly converted: number;
  readonly revenue: number;
  /** The sum of the squares of what each customer spent. */
  readonly squaredRevenue: number;
  /** Sales whose amount is known in another currency only. */
  readonly unconverted: number;
}

export const NO_OUTCOMES: ArmOutcomes = {
  customers: 0,
  converted: 0,
  revenue: 0,
  squaredRevenue: 0,
  unconverted: 0,
};

export interface HoldOutOutcomes {
  readonly hasHoldOut: boolean;
  readonly treated: ArmOutcomes;
  readonly heldOut: ArmOutcomes;
}

export const NO_HOLD_OUT_REASONS = ['no-hold-out', 'too-few-customers'] as const;
export const NO_DIFFERENCE_REASONS = ['no-variance', 'currency-not-converted'] as const;
export type NoCacReason = NoProfitReason | 'no-incremental-customers';

export type Difference = Interval | { readonly undefined: (typeof NO_DIFFERENCE_REASONS)[number] };

/** Treated less held out. */
export interface HoldOutComparison {
  readonly treated: ArmOutcomes;
  readonly heldOut: ArmOutcomes;
  /** Of the shares of customers that bought something, 0 to 1. */
  readonly conversion: Difference;
  /** Of what a customer spent on average, buyers or not. */
  readonly revenue: Difference;
  /** Customers that came only because of the campaign. */
  readonly incrementalCustomers: number;
  readonly incrementalCac: Known<NoCacReason>;
}

export type MeasuredHoldOut =
  HoldOutComparison | { readonly undefined: (typeof NO_HOLD_OUT_REASONS)[number] };

/** What the campaign added, by chance alone: nobody chose who is in which arm. `cost` is that of the campaign in the same days. */
export function measureHoldOut(
  { hasHoldOut, treated, heldOut }: HoldOutOutcomes,
  cost: Known<NoProfitReason>,
): MeasuredHoldOut {
  if (!hasHoldOut) return { undefined: 'no-hold-out' };
  if (Math.min(treated.customers, heldOut.customers) < FEWEST_CUSTOMERS)
    return { undefined: 'too-few-customers' };
  const [bought, boughtAnyway] = [conversions(treated), conversions(heldOut)];
  return {
    ...{ treated, heldOut },
    conversion: toDifference(compareHoldOut(bought, boughtAnyway)),
    revenue:
      treated.unconverted + heldOut.unconverted > 0
        ? { undefined: 'currency-not-converted' }
        : toDifference(compareHoldOut(spendings(treated), spendings(heldOut))),
    incrementalCustomers: incrementalCustomers(bought, boughtAnyway) ?? 0,
    incrementalCac: toCac(cost, bought, boughtAnyway),
  };
}

/** Each customer counts 1 or 0, which are their own squares. */
function conversions({ customers, converted }: ArmOutcomes): ArmSums {
  return { customers, sum: converted, sumOfSquares: converted };
}

function spendings({ customers, revenue, squaredRevenue }: ArmOutcomes): ArmSums {
  return { customers, sum: revenue, sumOfSquares: squaredRevenue };
}

/** Arms as large as asked for cannot be too small: what is left is that all customers did the same. */
function toDifference(found: ArmDifference): Difference {
  return found.kind === 'measured' ? found.difference : { undefined: 'no-variance' };
}

function toCac(cost: Known<NoProfitReason>, bought: ArmSums, boughtAnyway: ArmSums): Known<NoCacReason> {
  if ('undefined' in cost) return cost;
  const value = incrementalCac(cost.value, bought, boughtAnyway);
  return value === null ? { undefined: 'no-incremental-customers' } : { value };
}
