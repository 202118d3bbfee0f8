import { type GroupBy, type GroupKey, GROUPINGS } from './groupings.js';
import { countsBy, type ReportScope } from './report-scope.js';
import type { ScopeFacts } from './scope-facts.js';
import { sliceFacts } from './slice-facts.js';
import { bucket, sum } from './sums.js';

export interface FactGroup {
  readonly key: GroupKey;
  /** For people; not unique. */
  readonly label: string;
  readonly facts: ScopeFacts;
}

/** The facts of the whole scope. */
export function totalFacts(scope: ReportScope): ScopeFacts {
  const { cells, receipts, source } = scope;
  return sliceFacts(scope, {
    cells,
    receipts,
    counts: countsBy(scope, () => 'all')('all'),
    costEntries: sum(source.costs, ({ amount }) => amount),
    couponsIssued: sum(source.coupons, ({ coupons }) => coupons),
  });
}

/**
 * The facts of every group, in a stable order. Partners, channels and days have no receipt in common, so what can be added
 * adds up to the whole; a receipt with codes of two offers or placements stands in both.
 */
export function groupFacts(scope: ReportScope, groupBy: GroupBy): FactGroup[] {
  const grouping = GROUPINGS[groupBy](scope);
  const cells = bucket(scope.cells, grouping.cellGroup);
  const receipts = bucket(grouping.receipts, grouping.receiptGroup);
  return grouping.groups.map(({ id, key, label }) => ({
    key,
    label,
    facts: sliceFacts(scope, {
      cells: cells.get(id) ?? [],
      receipts: receipts.get(id) ?? [],
      counts: grouping.counts(id),
      costEntries: grouping.costEntries(id),
      couponsIssued: grouping.couponsIssued(id),
    }),
  }));
}
