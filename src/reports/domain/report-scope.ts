import { addDays, daysBetween, type LocalPeriod } from '../../kernel/period.js';
import { countChannelDay } from '../../receipts/domain/count-channel-day.js';
import { convertMinor } from '../../rates/domain/convert-minor.js';
import { askedKey } from '../../rates/domain/day-rate.js';
import { type Extent, holdsPlace, intersectPeriods, NOWHERE, type Place } from './extent.js';
import { receiptGrains, type ReceiptGrain, type ReportCut, resolveFilter } from './report-cut.js';
import type { ReceiptCell, RedemptionCell, ReportChannel, ReportSource } from './report-source.js';
import type { ReceiptCounts } from './scope-facts.js';
import { bucket, sum } from './sums.js';

/** A receipt cell with the offer and the placement that its grain tells; the others are empty. */
export type PlacedReceipt = ReceiptCell & Place;

/** The source of a report, cut by its filter and ready to be cut into groups. */
export interface ReportScope {
  readonly source: ReportSource;
  /** What the filter leaves. */
  readonly extent: Extent;
  /** Without the cells that reversals brought back to nothing. */
  readonly cells: readonly RedemptionCell[];
  /** Each receipt once in the whole, and once in each group. */
  readonly receipts: readonly PlacedReceipt[];
  readonly groupReceipts: readonly PlacedReceipt[];
  /** By id: the channels that can redeem codes of this campaign, and those that did. */
  readonly channels: ReadonlyMap<string, ReportChannel>;
  /** Channel-days that have a receipt count, by `channelDayKey`. */
  readonly counted: ReadonlyMap<string, CountedDay>;
  /** The days of the period that have come. */
  readonly days: LocalPeriod;
}

export interface CountedDay {
  readonly channel: ReportChannel;
  readonly day: string;
  readonly receipts: bigint;
  /** In minor units of the campaign currency; null when there is no exchange rate of that day. */
  readonly revenue: bigint | null;
}

export function openScope(source: ReportSource, cut: ReportCut = {}): ReportScope {
  const extent = resolveFilter(source, cut.filter ?? {}) ?? NOWHERE;
  const grains = receiptGrains(cut);
  const cells = source.cells.filter((cell) => holdsPlace(extent, cell) && hasHappened(cell));
  const receipts = placeReceipts(source, source.receipts, grains.total, extent);
  const groupReceipts =
    grains.groups === grains.total
      ? receipts
      : placeReceipts(source, source.groupReceipts, grains.groups, extent);
  const active = new Set([...cells, ...receipts].map(({ channelId }) => channelId));
  const channels = channelsInScope(source, active, extent);
  const counted = new Map(
    countDays(source, channels).map((day) => [channelDayKey(day.channel.id, day.day), day]),
  );
  const end = endOfScope(source, [...cells, ...receipts, ...counted.values()]);
  const days = { from: source.period.from, to: end };
  return { source, extent, cells, receipts, groupReceipts, channels, counted, days };
}

export function channelDayKey(channelId: string, day: string): string {
  return `${channelId}/${day}`;
}

/** Counts all receipts of an extent's channels and days, with and without a code; what was counted once is kept. */
export function receiptCounter(scope: ReportScope): (extent: Extent) => ReceiptCounts {
  const countedByDay = bucket(scope.counted.values(), ({ day }) => day);
  const channels = [...scope.channels.values()];
  const known = new Map<string, ReceiptCounts>();
  return ({ partnerId, channelId, days = scope.days }) => {
    const { from, to } = intersectPeriods(days, scope.days);
    const key = [partnerId, channelId, from, to].join('/');
    const isOwn = (channel: ReportChannel): boolean =>
      (partnerId ?? channel.partnerId) === channel.partnerId && (channelId ?? channel.id) === channel.id;
    const count = (): ReceiptCounts => {
      const dates = daysOf({ from, to });
      const found = dates.flatMap(
        (day) => countedByDay.get(day)?.filter(({ channel }) => isOwn(channel)) ?? [],
      );
      return sumCounts(found, channels.filter(isOwn).length * dates.length);
    };
    const counts = known.get(key) ?? count();
    known.set(key, counts);
    return counts;
  };
}

/** `channelDays` is how many there are with and without a count. */
function sumCounts(days: readonly CountedDay[], channelDays: number): ReceiptCounts {
  const unconverted = days.filter(({ revenue }) => revenue === null);
  return {
    channelDays: BigInt(channelDays),
    coveredChannelDays: BigInt(days.length),
    allReceipts: sum(days, ({ receipts }) => receipts),
    allRevenue: unconverted.length === 0 ? sum(days, ({ revenue }) => revenue ?? 0n) : null,
    unconvertedDays: BigInt(unconverted.length),
  };
}

/** Every day of a period in its order; none when it ends before it starts. */
export function daysOf({ from, to }: LocalPeriod): string[] {
  const length = Math.max(0, daysBetween(from, to));
  return Array.from({ length }, (_, index) => addDays(from, index));
}

function placeReceipts(
  { placements }: ReportSource,
  receipts: readonly ReceiptCell[],
  grain: ReceiptGrain,
  extent: Extent,
): PlacedReceipt[] {
  const offers = new Map(placements.map(({ id, offerId }) => [id, offerId]));
  const placeOf = (id: string): Pick<Place, 'offerId' | 'placementId'> => {
    if (grain === 'placement') return { placementId: id, offerId: offers.get(id) ?? '' };
    return { placementId: '', offerId: grain === 'offer' ? id : '' };
  };
  return receipts
    .filter(({ promoReceipts }) => promoReceipts !== 0n)
    .map((receipt) => ({ ...receipt, ...placeOf(receipt.groupId) }))
    .filter((receipt) => holdsPlace(extent, receipt));
}

function hasHappened(cell: RedemptionCell): boolean {
  return Object.values(cell).some((value) => typeof value === 'bigint' && value !== 0n);
}

function channelsInScope(
  { channels, offers }: ReportSource,
  active: ReadonlySet<string>,
  { partnerId, channelId }: Extent,
): Map<string, ReportChannel> {
  const redeemers = new Set(offers.map(({ redeemerPartnerId }) => redeemerPartnerId));
  const inScope = channels
    .filter((channel) => (partnerId ?? channel.partnerId) === channel.partnerId)
    .filter((channel) => (channelId ?? channel.id) === channel.id)
    .filter((channel) => active.has(channel.id) || (channel.canRedeem && redeemers.has(channel.partnerId)));
  return new Map(inScope.map((channel) => [channel.id, channel]));
}

function countDays(source: ReportSource, channels: ReadonlyMap<string, ReportChannel>): CountedDay[] {
  const toCampaign = converterOf(source);
  return source.channelDays.flatMap(({ channelId, day, ...sums }) => {
    const channel = channels.get(channelId);
    const counted = countChannelDay(sums);
    if (!channel || !counted) return [];
    return [{ channel, day, ...counted, revenue: toCampaign(counted.revenue, channel.currency, day) }];
  });
}

/** Brings the revenue of a channel-day to the campaign currency, rounded half-even as one amount; null without a rate. */
function converterOf({ currency: quote, dayRates }: ReportSource) {
  const rates = new Map(dayRates.map((rate) => [askedKey(rate), rate]));
  return (revenue: bigint, base: string, day: string): bigint | null => {
    if (base === quote || revenue === 0n) return revenue;
    const rate = rates.get(askedKey({ base, quote, day }));
    return rate ? convertMinor(revenue, rate.perMinor) : null;
  };
}

/** A till east of the campaign zone can be a day ahead: what it sent has come, whatever the date is here. */
function endOfScope({ period, asOf }: ReportSource, data: readonly { readonly day: string }[]): string {
  const last = data.reduce((latest, { day }) => (day > latest ? day : latest), asOf);
  const end = addDays(last, 1);
  return end < period.to ? end : period.to;
}
