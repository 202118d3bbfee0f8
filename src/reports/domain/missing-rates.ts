import { askedKey, type AskedRate } from '../../rates/domain/day-rate.js';
import type { ReportSource } from './report-source.js';

/**
 * The rates that a report needs and that are not fixed: of channel-days in another currency and of cost entries. Those of redemptions
 * are fixed when they are attributed.
 */
export function missingRates({
  currency: quote,
  channels,
  channelDays,
  costs,
  dayRates,
}: ReportSource): AskedRate[] {
  const fixed = new Set(dayRates.map(askedKey));
  const currencies = new Map(channels.map(({ id, currency }) => [id, currency]));
  const counted = channelDays.map(({ channelId, day }) => ({
    base: currencies.get(channelId) ?? quote,
    day,
  }));
  const spent = costs
    .filter(({ unconverted }) => unconverted > 0n)
    .map(({ currency, day }) => ({ base: currency, day }));
  return [...counted, ...spent]
    .map(({ base, day }) => ({ base, quote, day }))
    .filter((asked) => asked.base !== quote && !fixed.has(askedKey(asked)));
}
