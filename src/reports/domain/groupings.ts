import { countsBy, type ReportScope, sumCounts } from './report-scope.js';
import type { ReceiptCell, RedemptionCell, ReportOffer } from './report-source.js';
import type { ReceiptCounts } from './scope-facts.js';
import { bucket, sum } from './sums.js';

export const GROUP_BY = ['partner', 'channel', 'placement', 'offer', 'day'] as const;
export type GroupBy = (typeof GROUP_BY)[number];

/** Which group it is: a partner is the redeemer, a channel the one that redeemed, a placement where the code was got. */
export type GroupKey =
  | { readonly partnerId: string }
  | { readonly channelId: string }
  | { readonly placementId: string; readonly label: string; readonly channelId: string | null }
  | { readonly offerId: string }
  | { readonly day: string };

/** How a report is cut. The last three functions take the id of a group; null is what cannot be assigned to groups. */
export interface Grouping {
  readonly groups: readonly Group[];
  readonly cellGroup: (cell: RedemptionCell) => string;
  readonly receipts: readonly ReceiptCell[];
  readonly receiptGroup: (receipt: ReceiptCell) => string;
  readonly counts: (id: string) => ReceiptCounts;
  readonly costEntries: (id: string) => bigint | null;
  readonly couponsIssued: (id: string) => bigint | null;
}

interface Group {
  readonly id: string;
  readonly key: GroupKey;
  readonly label: string;
}

export const GROUPINGS: Readonly<Record<GroupBy, (scope: ReportScope) => Grouping>> = {
  partner: byPartner,
  channel: byChannel,
  placement: byPlacement,
  offer: byOffer,
  day: byDay,
};

function byPartner(scope: ReportScope): Grouping {
  const redeemers = redeemersByOffer(scope);
  const ids = [...new Set(redeemers.values())];
  const coupons = bucket(scope.source.coupons, ({ offerId }) => redeemers.get(offerId) ?? '');
  return {
    groups: sortByLabel(ids.map((id) => ({ id, key: { partnerId: id }, label: nameOf(scope, id) }))),
    cellGroup: (cell) => cell.redeemerPartnerId,
    receipts: scope.receipts,
    receiptGroup: (receipt) => receipt.redeemerPartnerId,
    counts: countsBy(scope, (channel) => channel.partnerId),
    costEntries: unassigned(scope.source.costs, ({ amount }) => amount),
    couponsIssued: (id) => sum(coupons.get(id) ?? [], (issued) => issued.coupons),
  };
}

function byChannel(scope: ReportScope): Grouping {
  const groups = [...scope.channels.values()].map(({ id, partnerId, name }) => ({
    id,
    key: { channelId: id },
    label: `${nameOf(scope, partnerId)}, ${name}`,
  }));
  return {
    groups: sortByLabel(groups),
    cellGroup: (cell) => cell.channelId,
    receipts: scope.receipts,
    receiptGroup: (receipt) => receipt.channelId,
    counts: countsBy(scope, (channel) => channel.id),
    costEntries: unassigned(scope.source.costs, ({ amount }) => amount),
    couponsIssued: unassigned(scope.source.coupons, ({ coupons }) => coupons),
  };
}

/** All receipts of an offer or a placement are those of its redeemer: offers share them, so they do not add up. */
function byOffer(scope: ReportScope): Grouping {
  const redeemers = redeemersByOffer(scope);
  const offers = new Map(scope.source.offers.map((offer) => [offer.id, offer]));
  const partnerCounts = countsBy(scope, (channel) => channel.partnerId);
  const coupons = bucket(scope.source.coupons, ({ offerId }) => offerId);
  return {
    groups: [...redeemers.keys()].map((id) => ({
      id,
      key: { offerId: id },
      label: offerLabel(scope, offers.get(id), id),
    })),
    cellGroup: (cell) => cell.offerId,
    receipts: scope.groupReceipts,
    receiptGroup: (receipt) => receipt.groupId,
    counts: (id) => partnerCounts(redeemers.get(id) ?? ''),
    costEntries: unassigned(scope.source.costs, ({ amount }) => amount),
    couponsIssued: (id) => sum(coupons.get(id) ?? [], (issued) => issued.coupons),
  };
}

function byPlacement(scope: ReportScope): Grouping {
  const redeemers = redeemersByOffer(scope);
  const offerIds = new Map(scope.source.placements.map(({ id, offerId }) => [id, offerId]));
  const partnerCounts = countsBy(scope, (channel) => channel.partnerId);
  const coupons = bucket(scope.source.coupons, ({ placementId }) => placementId);
  return {
    groups: placementGroups(scope, [...redeemers.keys()]),
    cellGroup: (cell) => cell.placementId,
    receipts: scope.groupReceipts,
    receiptGroup: (receipt) => receipt.groupId,
    counts: (id) => partnerCounts(redeemers.get(offerIds.get(id) ?? '') ?? ''),
    costEntries: unassigned(scope.source.costs, ({ amount }) => amount),
    couponsIssued: (id) => sum(coupons.get(id) ?? [], (issued) => issued.coupons),
  };
}

/** The days on which something happened or was counted, in their order. */
function byDay(scope: ReportScope): Grouping {
  const { source, cells, receipts, counted, channels } = scope;
  const costs = bucket(source.costs, ({ day }) => day);
  const countedDays = bucket(counted.values(), ({ day }) => day);
  const days = new Set([
    ...[...cells, ...receipts].map(({ day }) => day),
    ...costs.keys(),
    ...countedDays.keys(),
  ]);
  return {
    groups: [...days].sort().map((day) => ({ id: day, key: { day }, label: day })),
    cellGroup: (cell) => cell.day,
    receipts,
    receiptGroup: (receipt) => receipt.day,
    // A cost may be dated on a day that has not come; the tills have no receipts to count there.
    counts: (day) =>
      sumCounts(countedDays.get(day) ?? [], day < scope.end ? BigInt(channels.size) : 0n, source.currency),
    costEntries: (day) => sum(costs.get(day) ?? [], ({ amount }) => amount),
    couponsIssued: unassigned(source.coupons, ({ coupons }) => coupons),
  };
}

function placementGroups(scope: ReportScope, offerIds: readonly string[]): Group[] {
  const offers = new Map(scope.source.offers.map((offer) => [offer.id, offer]));
  const placements = bucket(scope.source.placements, ({ offerId }) => offerId);
  return offerIds.flatMap((offerId) => {
    const offer = offers.get(offerId);
    const issuer = offer && nameOf(scope, offer.issuerPartnerId);
    return sortByLabel(
      (placements.get(offerId) ?? []).map(({ id, label, channelId, channelName }) => ({
        id,
        key: { placementId: id, label, channelId },
        label: [offer?.label, issuer, channelName, label].filter(Boolean).join(', '),
      })),
    );
  });
}

function offerLabel(scope: ReportScope, offer: ReportOffer | undefined, id: string): string {
  if (!offer) return id;
  return `${offer.label}, ${nameOf(scope, offer.issuerPartnerId)} to ${nameOf(scope, offer.redeemerPartnerId)}`;
}

/**
 * Who redeems each offer, in the order of the campaign. Attempts can also name an offer that is not in the terms in force:
 * it was refused because it waits for approval.
 */
function redeemersByOffer({ source, cells }: ReportScope): Map<string, string> {
  const known = source.offers.map(({ id, redeemerPartnerId }) => [id, redeemerPartnerId] as const);
  const attempted = cells.map(({ offerId, redeemerPartnerId }) => [offerId, redeemerPartnerId] as const);
  return new Map([...known, ...attempted]);
}

/** Nothing of nothing is nothing; of something, nobody knows the share of a group. */
function unassigned<T>(items: readonly T[], value: (item: T) => bigint): () => bigint | null {
  const none = sum(items, value) === 0n;
  return () => (none ? 0n : null);
}

function nameOf({ source }: ReportScope, partnerId: string): string {
  return source.partnerNames.get(partnerId) ?? partnerId;
}

/** By code units, not by locale: the order must not depend on the machine. */
function sortByLabel(groups: readonly Group[]): Group[] {
  const rank = ({ label, id }: Group): string => `${label}\0${id}`;
  return [...groups].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}
