import type { Difference } from '../../src/reconciliation/domain/difference.js';
import { openReconciliation } from '../../src/reconciliation/open-reconciliation.js';
import type { Reconciled } from '../../src/reconciliation/reconcile.service.js';

export interface Found extends Reconciled {
  /** In the order in which they were told; after a repair also those that were left. */
  readonly differences: readonly Difference[];
  readonly waiting: number;
}

const EVERYTHING = { redeemerId: null, campaignId: null };

/** Compares a database as `npm run reconcile` does; chunks are small, so that there are several. */
export async function reconcile(
  databaseUrl: string,
  {
    repairs = false,
    scope = {},
    chunk = 3,
  }: { repairs?: boolean; scope?: Partial<typeof EVERYTHING | Record<string, string>>; chunk?: number } = {},
): Promise<Found> {
  const { service, close } = await openReconciliation(databaseUrl, chunk);
  const differences: Difference[] = [];
  let waiting = 0;
  try {
    const result = await service.run({ ...EVERYTHING, ...scope }, repairs, {
      compared: (_, __, count) => void (waiting += count),
      differs: ({ relation, key, stored, expected }) =>
        void differences.push({ relation, key, stored, expected }),
      repaired: () => undefined,
    });
    return { ...result, differences, waiting };
  } finally {
    await close();
  }
}
