import { Injectable } from '@nestjs/common';
import { unprocessable } from '../kernel/errors.js';
import type { Tx } from '../platform/database/tx.js';
import type { ReceiptTotal } from './domain/check-receipt-totals.js';
import type { ChannelDaySum } from './domain/sum-channel-days.js';

const ADD = `
  insert into channel_days as d
         (redeemer_partner_id, channel_id, day, single_receipts, single_revenue, single_costed_revenue, single_cost_of_goods)
  select $1::uuid, added.*
    from unnest($2::uuid[], $3::date[], $4::integer[], $5::bigint[], $6::bigint[], $7::bigint[]) as added
  on conflict (redeemer_partner_id, channel_id, day) do update
     set single_receipts = d.single_receipts + excluded.single_receipts,
         single_revenue = d.single_revenue + excluded.single_revenue,
         single_costed_revenue = d.single_costed_revenue + excluded.single_costed_revenue,
         single_cost_of_goods = d.single_cost_of_goods + excluded.single_cost_of_goods`;

const REPLACE = `
  insert into channel_days as d (redeemer_partner_id, channel_id, day, total_receipts, total_revenue, total_profit)
  select $1::uuid, put.*
    from unnest($2::uuid[], $3::date[], $4::integer[], $5::bigint[], $6::bigint[]) as put
  on conflict (redeemer_partner_id, channel_id, day) do update
     set total_receipts = excluded.total_receipts,
         total_revenue = excluded.total_revenue,
         total_profit = excluded.total_profit`;

@Injectable()
export class ChannelDayRepository {
  /** Adds sums of single receipts. Each channel and day once, sorted by both: the rows stay locked until the commit. */
  async add(tx: Tx, partnerId: string, sums: readonly ChannelDaySum[]): Promise<void> {
    const values = [
      sums.map((sum) => sum.channelId),
      sums.map((sum) => sum.day),
      sums.map((sum) => sum.receipts),
      sums.map((sum) => sum.revenue),
      sums.map((sum) => sum.costedRevenue),
      sums.map((sum) => sum.costOfGoods),
    ];
    try {
      await tx.prepared('channel_days_add', ADD, [partnerId, ...values]);
    } catch (error) {
      throw isOutOfRange(error) ? tooMuchForOneDay() : error;
    }
  }

  /** Puts totals in the place of earlier ones; single receipts stay as they are. Each channel and day once, in any order. */
  async replaceTotals(tx: Tx, partnerId: string, totals: readonly ReceiptTotal[]): Promise<void> {
    // Two puts of the same days must lock them in the same order, or they would wait for each other for ever.
    const sorted = [...totals].sort((a, b) => (lockKey(a) < lockKey(b) ? -1 : 1));
    await tx.execute(REPLACE, [
      partnerId,
      sorted.map((total) => total.channelId),
      sorted.map((total) => total.date),
      sorted.map((total) => total.receipts),
      sorted.map((total) => total.revenue.minor),
      sorted.map((total) => total.profit?.minor ?? null),
    ]);
  }
}

function lockKey({ channelId, date }: ReceiptTotal): string {
  return `${channelId}/${date}`;
}

// One amount always fits into a bigint, the sum of ten of the largest does not.
function isOutOfRange(error: unknown): boolean {
  return (error as { code?: string } | null)?.code === '22003';
}

function tooMuchForOneDay(): Error {
  return unprocessable(
    'amount.too-large',
    'The receipts of one channel and day add up to more than can be counted.',
  );
}
