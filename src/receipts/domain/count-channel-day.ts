import { multiplyRatio, type Ratio, ratio, addRatio } from '../../kernel/ratio.js';

/** What is known of one channel on one day: sums of single receipts, and the total if one was put. Minor units. */
export interface ChannelDaySums {
  readonly singleReceipts: bigint;
  readonly singleRevenue: bigint;
  readonly totalReceipts: bigint | null;
  readonly totalRevenue: bigint | null;
}

export interface ChannelDayProfitSums extends ChannelDaySums {
  readonly singleCostedRevenue: bigint;
  readonly singleCostOfGoods: bigint;
  readonly totalProfit: bigint | null;
}

/** Single receipts where there are any, else the total that was put, never both; null: nobody counted that day. */
export function countChannelDay(day: ChannelDaySums): { receipts: bigint; revenue: bigint } | null {
  if (day.singleReceipts > 0n) return { receipts: day.singleReceipts, revenue: day.singleRevenue };
  if (day.totalReceipts === null) return null;
  return { receipts: day.totalReceipts, revenue: day.totalRevenue ?? 0n };
}

/**
 * The profit of the receipts that `countChannelDay` counts, in minor units: revenue less the posted cost of goods, and the margin
 * rate of the channel times the revenue whose cost nobody posted; of a total the profit that came with it, else the rate. Null when
 * nobody counted, or when a part has neither a cost nor a rate.
 */
export function channelDayProfit(day: ChannelDayProfitSums, marginRate: Ratio | null): Ratio | null {
  const counted = countChannelDay(day);
  if (!counted) return null;
  const isSingle = day.singleReceipts > 0n;
  if (!isSingle && day.totalProfit !== null) return ratio(day.totalProfit, 1n);
  const costed = isSingle ? day.singleCostedRevenue - day.singleCostOfGoods : 0n;
  const uncosted = counted.revenue - (isSingle ? day.singleCostedRevenue : 0n);
  if (uncosted === 0n) return ratio(costed, 1n);
  return marginRate && addRatio(ratio(costed, 1n), multiplyRatio(ratio(uncosted, 1n), marginRate));
}
