import { askedKey, type DayRate } from '../../rates/domain/day-rate.js';
import type { ReportScope } from './report-scope.js';

/** One exchange rate and the first and last of the days in scope that were converted at it. */
export interface UsedRate {
  readonly rate: DayRate;
  readonly firstDay: string;
  readonly lastDay: string;
}

/**
 * The rates at which amounts in scope were converted: of the days on which a channel that counts in another currency redeemed or
 * counted something, or money of another currency was spent. By day, then currency; days in a row with one rate are one entry.
 */
export function listUsedRates(scope: ReportScope): UsedRate[] {
  const needed = neededRates(scope);
  const used: UsedRate[] = [];
  const last = new Map<string, number>();
  for (const rate of scope.source.dayRates) {
    if (!needed.has(askedKey(rate))) continue;
    const { base, day } = rate;
    const index = last.get(base);
    const before = index === undefined ? undefined : used[index];
    if (index !== undefined && before && isSameRate(before.rate, rate))
      used[index] = { ...before, lastDay: day };
    else last.set(base, used.push({ rate, firstDay: day, lastDay: day }) - 1);
  }
  return used;
}

function neededRates({ source, channels, cells, receipts, counted }: ReportScope): Set<string> {
  const { currency: quote } = source;
  const needed = new Set<string>();
  const need = (base: string, day: string) => needed.add(askedKey({ base, quote, day }));
  for (const { channelId, day } of [...cells, ...receipts])
    need(channels.get(channelId)?.currency ?? '', day);
  for (const { channel, day } of counted.values()) need(channel.currency, day);
  for (const { currency, day } of source.costs) need(currency, day);
  return needed;
}

function isSameRate(a: DayRate, b: DayRate): boolean {
  return a.validFrom === b.validFrom && a.rate === b.rate && a.isInverse === b.isInverse;
}
