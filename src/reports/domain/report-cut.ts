import { type Extent, intersectExtents, NOWHERE } from './extent.js';
import type { GroupBy } from './dimensions.js';
import type { ReportSource } from './report-source.js';

/** Only what belongs to these; absent is all. The partner is the redeemer, the channel the one that redeemed. */
export interface ReportFilter {
  readonly partnerId?: string | undefined;
  readonly channelId?: string | undefined;
  readonly placementId?: string | undefined;
  readonly offerId?: string | undefined;
}

/** What of a campaign is reported, and by what it is grouped: nothing, one dimension or two. */
export interface ReportCut {
  readonly groupBy?: readonly GroupBy[];
  readonly filter?: ReportFilter;
}

/** What a receipt is counted once in; the rollups have one set of sums for each. */
export type ReceiptGrain = 'campaign' | 'offer' | 'placement';

/**
 * Which sums answer a cut exactly: those of the whole, and those of its groups. A receipt has one redeemer, one channel and,
 * within a grain, one day, so partners, channels, days and weeks never share a receipt. Offers and placements do, and are
 * read from the grain in which each of them has its own; a placement belongs to one offer, an offer to one redeemer. So
 * the finest of the dimensions and filters decides, and with it every pair of dimensions is exact.
 */
export function receiptGrains({ groupBy = [], filter = {} }: ReportCut): {
  readonly total: ReceiptGrain;
  readonly groups: ReceiptGrain;
} {
  const total = filter.placementId ? 'placement' : filter.offerId ? 'offer' : 'campaign';
  if (total === 'placement' || groupBy.includes('placement')) return { total, groups: 'placement' };
  if (total === 'offer' || groupBy.includes('offer')) return { total, groups: 'offer' };
  return { total, groups: 'campaign' };
}

/**
 * Where the filter leads in this campaign: an offer has a redeemer, a channel a partner. Ids that contradict each other have
 * nothing in common. Undefined when one of them is not of this campaign.
 */
export function resolveFilter(source: ReportSource, filter: ReportFilter): Extent | undefined {
  const extents = [
    filter.partnerId === undefined ? {} : partnerExtent(source, filter.partnerId),
    filter.channelId === undefined ? {} : channelExtent(source, filter.channelId),
    filter.offerId === undefined ? {} : offerExtent(source, filter.offerId),
    filter.placementId === undefined ? {} : placementExtent(source, filter.placementId),
  ];
  let common: Extent = {};
  for (const extent of extents) {
    if (!extent) return undefined;
    common = intersectExtents(common, extent) ?? NOWHERE;
  }
  return common;
}

function partnerExtent({ partnerNames }: ReportSource, partnerId: string): Extent | undefined {
  return partnerNames.has(partnerId) ? { partnerId } : undefined;
}

function channelExtent({ channels }: ReportSource, channelId: string): Extent | undefined {
  const channel = channels.find(({ id }) => id === channelId);
  return channel && { channelId, partnerId: channel.partnerId };
}

function offerExtent({ offers, cells }: ReportSource, offerId: string): Extent | undefined {
  const offer = offers.find(({ id }) => id === offerId) ?? cells.find((cell) => cell.offerId === offerId);
  return offer && { offerId, partnerId: offer.redeemerPartnerId };
}

function placementExtent(source: ReportSource, placementId: string): Extent | undefined {
  const placement = source.placements.find(({ id }) => id === placementId);
  const extent = placement && offerExtent(source, placement.offerId);
  return extent && { ...extent, placementId };
}
