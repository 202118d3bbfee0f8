import {
  type Dimension,
  DIMENSIONS,
  type GroupBy,
  type GroupKey,
  type Member,
  redeemersByOffer,
} from './dimensions.js';
import { type Extent, intersectExtents } from './extent.js';
import { daysOf, receiptCounter, type ReportScope } from './report-scope.js';
import type { ScopeFacts } from './scope-facts.js';
import { type Slice, sliceFacts } from './slice-facts.js';
import { bucket, sum } from './sums.js';

export interface FactGroup {
  readonly key: GroupKey;
  /** For people; not unique. */
  readonly label: string;
  readonly facts: ScopeFacts;
}

/** A member of each dimension, and what they have in common. */
interface Combination {
  readonly members: readonly Member[];
  readonly extent: Extent;
}

/** The facts of the whole scope. */
export function totalFacts(scope: ReportScope): ScopeFacts {
  const { cells, receipts, extent, source } = scope;
  const facts = sliceFacts(scope, { cells, receipts, ...assigner(scope)(extent) });
  return { ...facts, profit: hasPlace(extent) ? null : (source.profit ?? null) };
}

/**
 * The facts of every group in a stable order: that of the first dimension, then that of the second. Partners, channels, days
 * and weeks have no receipt in common, so what can be added adds up to the whole; a receipt with codes of two offers or
 * placements stands in both.
 */
export function groupFacts(scope: ReportScope, groupBy: readonly GroupBy[]): FactGroup[] {
  const dimensions = groupBy.map((name) => DIMENSIONS[name](scope));
  const cells = bucket(scope.cells, (cell) => joinIds(dimensions.map(({ ofCell }) => ofCell(cell))));
  const receipts = bucket(scope.groupReceipts, (receipt) =>
    joinIds(dimensions.map(({ ofReceipt }) => ofReceipt(receipt))),
  );
  const assign = assigner(scope);
  return [...combine(scope.extent, dimensions)].map(({ members, extent }) => {
    const id = joinIds(members.map((member) => member.id));
    const found = { cells: cells.get(id) ?? [], receipts: receipts.get(id) ?? [] };
    const facts = sliceFacts(scope, { ...found, ...assign(extent) });
    return { key: joinKeys(members), label: members.map(({ label }) => label).join(', '), facts };
  });
}

/** Whether the grouping makes more groups than `most`; it stops counting there. */
export function hasMoreGroups(scope: ReportScope, groupBy: readonly GroupBy[], most: number): boolean {
  const dimensions = groupBy.map((name) => DIMENSIONS[name](scope));
  let found = 0;
  for (const combination of combine(scope.extent, dimensions)) {
    found += combination.members.length > 0 ? 1 : 0;
    if (found > most) return true;
  }
  return false;
}

/** Members that contradict each other, as a channel and the offer of another redeemer, make no group. */
function* combine(extent: Extent, [dimension, ...others]: readonly Dimension[]): Generator<Combination> {
  if (!dimension) {
    yield { members: [], extent };
    return;
  }
  for (const member of dimension.members) {
    const common = intersectExtents(extent, member.extent);
    if (!common) continue;
    for (const rest of combine(common, others)) yield { ...rest, members: [member, ...rest.members] };
  }
}

/** In a group of two dimensions `channelId` is always the channel that redeemed. */
function joinKeys(members: readonly Member[]): GroupKey {
  const keys = members.map(({ key }) => key);
  if (keys.length === 1) return keys[0] ?? {};
  return keys.reduce<GroupKey>((joined, { channelId, ...key }) => {
    const isRedeeming = channelId !== undefined && key.placementId === undefined;
    return { ...joined, ...key, ...(isRedeeming && { channelId }) };
  }, {});
}

function joinIds(ids: readonly string[]): string {
  return ids.join('\0');
}

/**
 * What belongs to an extent besides what happened at tills. Cost entries belong to days, coupons to offers and placements;
 * of a finer extent nobody knows the share, unless there is nothing to share.
 */
function assigner(
  scope: ReportScope,
): (extent: Extent) => Pick<Slice, 'counts' | 'costEntries' | 'unconvertedCosts' | 'couponsIssued'> {
  const count = receiptCounter(scope);
  const couponsOf = couponCounter(scope);
  const costs = bucket(scope.source.costs, ({ day }) => day);
  return (extent) => {
    const { channelId, days } = extent;
    const entries = days ? daysOf(days).flatMap((day) => costs.get(day) ?? []) : scope.source.costs;
    const cost = sum(entries, ({ amount }) => amount);
    const unconverted = sum(entries, (entry) => entry.unconverted);
    const isShared = hasPlace(extent) && (cost !== 0n || unconverted !== 0n);
    const coupons = couponsOf(extent);
    return {
      counts: count(extent),
      costEntries: isShared ? null : cost,
      unconvertedCosts: isShared ? 0n : unconverted,
      couponsIssued: (channelId !== undefined || days) && coupons !== 0n ? null : coupons,
    };
  };
}

function hasPlace({ partnerId, channelId, offerId, placementId }: Extent): boolean {
  return [partnerId, channelId, offerId, placementId].some((id) => id !== undefined);
}

function couponCounter({ source, cells }: ReportScope): (extent: Extent) => bigint {
  const redeemers = redeemersByOffer({ source, cells });
  return ({ partnerId, offerId, placementId }) =>
    sum(
      source.coupons.filter(
        (issued) =>
          (offerId ?? issued.offerId) === issued.offerId &&
          (placementId ?? issued.placementId) === issued.placementId &&
          (partnerId === undefined || redeemers.get(issued.offerId) === partnerId),
      ),
      ({ coupons }) => coupons,
    );
}
