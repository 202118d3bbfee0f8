import { channelDayKey, type ReportScope } from './report-scope.js';
import type { ReceiptCell, RedemptionCell, RedemptionSums } from './report-source.js';
import { type ChannelRevenue, emptyFacts, type ReceiptCounts, type ScopeFacts } from './scope-facts.js';
import { bucket, sum } from './sums.js';

/** The part of a report that one group, or the whole, is computed from. */
export interface Slice {
  readonly cells: readonly RedemptionCell[];
  /** Each receipt once. */
  readonly receipts: readonly ReceiptCell[];
  readonly counts: ReceiptCounts;
  /** Null when they cannot be assigned to this slice; minor units. */
  readonly costEntries: bigint | null;
  readonly couponsIssued: bigint | null;
  readonly unconvertedCosts: bigint;
}

/** Adds a slice up to the facts that the metrics take. */
export function sliceFacts(scope: ReportScope, slice: Slice): ScopeFacts {
  const { currency, incomeBasis } = scope.source;
  const covered = slice.receipts.filter(({ channelId, day }) =>
    scope.counted.has(channelDayKey(channelId, day)),
  );
  return {
    ...emptyFacts(currency, incomeBasis),
    ...sumCells(slice.cells),
    promoReceipts: sum(slice.receipts, ({ promoReceipts }) => promoReceipts),
    channelRevenues: sumByChannel(scope, slice.receipts),
    coveredPromoReceipts: sum(covered, ({ promoReceipts }) => promoReceipts),
    coveredPromoRevenue: sum(covered, ({ revenue }) => revenue),
    unconvertedReceipts: sum(slice.receipts, ({ unconvertedReceipts }) => unconvertedReceipts),
    coveredUnconvertedReceipts: sum(covered, ({ unconvertedReceipts }) => unconvertedReceipts),
    counts: slice.counts,
    costEntries: slice.costEntries,
    unconvertedCosts: slice.unconvertedCosts,
    couponsIssued: slice.couponsIssued,
  };
}

function sumCells(cells: readonly RedemptionCell[]): RedemptionSums {
  return {
    redemptions: sum(cells, (cell) => cell.redemptions),
    couponRedemptions: sum(cells, (cell) => cell.couponRedemptions),
    unknownCustomers: sum(cells, (cell) => cell.unknownCustomers),
    refusals: sum(cells, (cell) => cell.refusals),
    discount: sum(cells, (cell) => cell.discount),
    giftCost: sum(cells, (cell) => cell.giftCost),
    leakage: sum(cells, (cell) => cell.leakage),
    offlineLeakage: sum(cells, (cell) => cell.offlineLeakage),
    unconverted: sum(cells, (cell) => cell.unconverted),
    unconvertedLeakage: sum(cells, (cell) => cell.unconvertedLeakage),
    newCustomers: sum(cells, (cell) => cell.newCustomers),
    returningCustomers: sum(cells, (cell) => cell.returningCustomers),
    returningAfterAbsence: sum(cells, (cell) => cell.returningAfterAbsence),
    claimedNew: sum(cells, (cell) => cell.claimedNew),
    claimedReturning: sum(cells, (cell) => cell.claimedReturning),
  };
}

function sumByChannel(scope: ReportScope, receipts: readonly ReceiptCell[]): ChannelRevenue[] {
  return [...bucket(receipts, ({ channelId }) => channelId)].map(([channelId, cells]) => ({
    revenue: sum(cells, ({ revenue }) => revenue),
    costedRevenue: sum(cells, ({ costedRevenue }) => costedRevenue),
    costOfGoods: sum(cells, ({ costOfGoods }) => costOfGoods),
    marginRate: scope.channels.get(channelId)?.marginRate ?? null,
  }));
}
