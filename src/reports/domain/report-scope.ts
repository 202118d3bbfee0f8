import { addDays, daysBetween } from '../../kernel/period.js';
import { countChannelDay } from '../../receipts/domain/count-channel-day.js';
import type {
  ChannelDay,
  ReceiptCell,
  RedemptionCell,
  ReportChannel,
  ReportSource,
} from './report-source.js';
import type { ReceiptCounts } from './scope-facts.js';
import { bucket, sum } from './sums.js';

/** The source of a report, ready to be cut into groups. */
export interface ReportScope {
  readonly source: ReportSource;
  /** Without the cells that reversals brought back to nothing. */
  readonly cells: readonly RedemptionCell[];
  readonly receipts: readonly ReceiptCell[];
  readonly groupReceipts: readonly ReceiptCell[];
  /** By id: the channels that can redeem codes of this campaign, and those that did. */
  readonly channels: ReadonlyMap<string, ReportChannel>;
  /** Channel-days that have a receipt count, by `channelDayKey`. */
  readonly counted: ReadonlyMap<string, CountedDay>;
  /** How many days of the period have come, and the day after the last of them. */
  readonly days: bigint;
  readonly end: string;
}

export interface CountedDay {
  readonly channel: ReportChannel;
  readonly day: string;
  readonly receipts: bigint;
  readonly revenue: bigint;
}

export function openScope(source: ReportSource): ReportScope {
  const cells = source.cells.filter(hasHappened);
  const receipts = source.receipts.filter(({ promoReceipts }) => promoReceipts !== 0n);
  const groupReceipts = source.groupReceipts.filter(({ promoReceipts }) => promoReceipts !== 0n);
  const channels = channelsInScope(
    source,
    new Set([...cells, ...receipts].map(({ channelId }) => channelId)),
  );
  const counted = new Map(
    countDays(source.channelDays, channels).map((day) => [channelDayKey(day.channel.id, day.day), day]),
  );
  const end = endOfScope(source, [...cells, ...receipts, ...counted.values()]);
  const days = BigInt(Math.max(0, daysBetween(source.period.from, end)));
  return { source, cells, receipts, groupReceipts, channels, counted, days, end };
}

export function channelDayKey(channelId: string, day: string): string {
  return `${channelId}/${day}`;
}

/** Adds up channel-days that have a count; `channelDays` is how many there are with and without one. */
export function sumCounts(days: readonly CountedDay[], channelDays: bigint, currency: string): ReceiptCounts {
  const comparable = days.every(({ channel }) => channel.currency === currency);
  return {
    channelDays,
    coveredChannelDays: BigInt(days.length),
    allReceipts: sum(days, ({ receipts }) => receipts),
    allRevenue: comparable ? sum(days, ({ revenue }) => revenue) : null,
  };
}

/** Receipt counts per group of channels; a group without a channel has no channel-day. */
export function countsBy(
  scope: ReportScope,
  groupOf: (channel: ReportChannel) => string,
): (group: string) => ReceiptCounts {
  const { currency } = scope.source;
  const days = bucket(scope.counted.values(), ({ channel }) => groupOf(channel));
  const channels = bucket(scope.channels.values(), groupOf);
  const counts = new Map(
    [...channels].map(([group, { length }]) => [
      group,
      sumCounts(days.get(group) ?? [], BigInt(length) * scope.days, currency),
    ]),
  );
  return (group) => counts.get(group) ?? sumCounts([], 0n, currency);
}

function hasHappened(cell: RedemptionCell): boolean {
  return Object.values(cell).some((value) => typeof value === 'bigint' && value !== 0n);
}

function channelsInScope(
  { channels, offers }: ReportSource,
  active: ReadonlySet<string>,
): Map<string, ReportChannel> {
  const redeemers = new Set(offers.map(({ redeemerPartnerId }) => redeemerPartnerId));
  const inScope = channels.filter(
    ({ id, partnerId, canRedeem }) => active.has(id) || (canRedeem && redeemers.has(partnerId)),
  );
  return new Map(inScope.map((channel) => [channel.id, channel]));
}

function countDays(days: readonly ChannelDay[], channels: ReadonlyMap<string, ReportChannel>): CountedDay[] {
  return days.flatMap(({ channelId, day, ...sums }) => {
    const channel = channels.get(channelId);
    const counted = countChannelDay(sums);
    return channel && counted ? [{ channel, day, ...counted }] : [];
  });
}

/** A till east of the campaign zone can be a day ahead: what it sent has come, whatever the date is here. */
function endOfScope({ period, asOf }: ReportSource, data: readonly { readonly day: string }[]): string {
  const last = data.reduce((latest, { day }) => (day > latest ? day : latest), asOf);
  const end = addDays(last, 1);
  return end < period.to ? end : period.to;
}
