import type { LocalPeriod } from '../../kernel/period.js';
import { addRatio, type Ratio, ratio } from '../../kernel/ratio.js';
import {
  channelDayProfit,
  type ChannelDayProfitSums,
  countChannelDay,
} from '../../receipts/domain/count-channel-day.js';
import type { UndefinedReason } from './undefined-reason.js';

/** Profit of all receipts of the redeemers in a window before, during or after the campaign. Minor units. */
export interface ProfitWindow {
  /** Days on which any channel has a receipt count. */
  readonly days: bigint;
  /** Null when some receipts have neither a cost of goods nor a margin rate. */
  readonly margin: Ratio | null;
  /** What the campaign cost in the window. */
  readonly cost: bigint;
}

export type ProfitWindowName = 'before' | 'during' | 'after';

/** The uplift of profit with its 95 % interval, minor units, rounded as a measurement may be; or why there is none. */
export type IncrementalProfit =
  | { readonly value: bigint; readonly lower: bigint; readonly upper: bigint }
  | { readonly undefined: UndefinedReason };

/** What a report says of the profit of the whole campaign. */
export interface ReportProfit {
  readonly windows:
    Readonly<Record<ProfitWindowName, ProfitWindow>> | { readonly undefined: UndefinedReason };
  /** Of the campaign's income basis `incremental_profit` only: it takes time to measure. */
  readonly incremental: IncrementalProfit;
}

/** One channel on one day, with what its profit is made from. */
export interface ProfitDay extends ChannelDayProfitSums {
  readonly channelId: string;
  readonly day: string;
}

/** Adds the counted channel-days of a window up. */
export function sumProfitWindow(
  days: readonly ProfitDay[],
  marginRates: ReadonlyMap<string, Ratio | null>,
  { from, to }: LocalPeriod,
  cost: bigint,
): ProfitWindow {
  const counted = days.filter((day) => day.day >= from && day.day < to && countChannelDay(day) !== null);
  const profits = counted.map((day) => channelDayProfit(day, marginRates.get(day.channelId) ?? null));
  const isKnown = profits.every((profit) => profit !== null);
  return {
    days: BigInt(new Set(counted.map(({ day }) => day)).size),
    margin: isKnown ? profits.reduce(addRatio, ratio(0n, 1n)) : null,
    cost,
  };
}
