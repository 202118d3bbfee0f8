const STEP = 10n;

/**
 * A count of customers as it may be shown to several partners: whole tens, rounded down; null when there are fewer than ten. One
 * customer more or less does not show, so nobody finds out by adding a telephone number whether it is another's customer.
 */
export function coarseCount(count: bigint): bigint | null {
  return count < STEP ? null : count - (count % STEP);
}
