import type { Receipt } from './receipt.js';

/** What some receipts add to one channel on one day. Money in minor units of the partner's currency. */
export interface ChannelDaySum {
  readonly channelId: string;
  readonly day: string;
  readonly receipts: number;
  readonly revenue: bigint;
  /** The part of `revenue` whose `costOfGoods` is known. */
  readonly costedRevenue: bigint;
  readonly costOfGoods: bigint;
}

/** Adds receipts up by channel and day; sorted by both, the order in which the rows are locked. */
export function sumChannelDays(receipts: readonly Receipt[]): ChannelDaySum[] {
  const sums = new Map<string, ChannelDaySum>();
  for (const receipt of receipts) {
    const key = `${receipt.channelId}/${receipt.day}`;
    sums.set(key, add(sums.get(key), receipt));
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

function add(sum: ChannelDaySum | undefined, { channelId, day, total, costOfGoods }: Receipt): ChannelDaySum {
  const { receipts, revenue, costedRevenue, costOfGoods: cost } = sum ?? NOTHING;
  const isCosted = costOfGoods !== null;
  return {
    channelId,
    day,
    receipts: receipts + 1,
    revenue: revenue + total,
    costedRevenue: isCosted ? costedRevenue + total : costedRevenue,
    costOfGoods: isCosted ? cost + costOfGoods : cost,
  };
}

const NOTHING = { receipts: 0, revenue: 0n, costedRevenue: 0n, costOfGoods: 0n };
