import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';

/**
 * What is known of one channel on one of its local days. Money in minor units of the partner's currency; the `single`
 * figures are sums of the receipts that were posted one by one, the `total` ones were put by the partner as they are.
 */
export interface ChannelDay {
  readonly channelId: string;
  /** Local date in the channel's time zone. */
  readonly day: string;
  readonly singleReceipts: bigint;
  readonly singleRevenue: bigint;
  /** The part of `singleRevenue` whose `singleCostOfGoods` is known. */
  readonly singleCostedRevenue: bigint;
  readonly singleCostOfGoods: bigint;
  /** Null together with `totalRevenue` when no totals were put. */
  readonly totalReceipts: bigint | null;
  readonly totalRevenue: bigint | null;
  /** May be negative; null also when the totals came without it. */
  readonly totalProfit: bigint | null;
}

/** Questions about receipts and receipt totals, for every feature above this one. */
@Injectable()
export class ReceiptReadModel {
  /** Those days in `[from, to)` of these channels of which anything was posted, by channel and day. */
  async channelDays(tx: Tx, channelIds: readonly string[], from: string, to: string): Promise<ChannelDay[]> {
    const rows = await tx.rows<AsText<ChannelDay>>(
      // Through channels, because the days are keyed (and may be sharded) by partner first.
      `select d.channel_id as "channelId", d.day, d.single_receipts::text as "singleReceipts",
              d.single_revenue as "singleRevenue", d.single_costed_revenue as "singleCostedRevenue",
              d.single_cost_of_goods as "singleCostOfGoods", d.total_receipts::text as "totalReceipts",
              d.total_revenue as "totalRevenue", d.total_profit as "totalProfit"
         from channels as c
         join channel_days as d on d.redeemer_partner_id = c.partner_id and d.channel_id = c.id
        where c.id = any($1::uuid[]) and d.day >= $2::date and d.day < $3::date
        order by d.channel_id, d.day`,
      [channelIds, from, to],
    );
    return rows.map(toChannelDay);
  }
}

type AsText<T> = {
  [K in keyof T]: T[K] extends bigint ? string : T[K] extends bigint | null ? string | null : T[K];
};

function toChannelDay(row: AsText<ChannelDay>): ChannelDay {
  return {
    channelId: row.channelId,
    day: row.day,
    singleReceipts: BigInt(row.singleReceipts),
    singleRevenue: BigInt(row.singleRevenue),
    singleCostedRevenue: BigInt(row.singleCostedRevenue),
    singleCostOfGoods: BigInt(row.singleCostOfGoods),
    totalReceipts: bigintOrNull(row.totalReceipts),
    totalRevenue: bigintOrNull(row.totalRevenue),
    totalProfit: bigintOrNull(row.totalProfit),
  };
}

function bigintOrNull(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}
