import { addDays } from '../kernel/period.js';
import {
  type ChannelName,
  CHANNEL_NAMES,
  CHANNELS,
  DAYS_SINCE_START,
  type PartnerName,
} from './demo-story.js';
import { CUSTOMERS, customerNumber, duringDay, type Visit } from './demo-visits.js';
import type { SeededRandom } from './seeded-random.js';

/** A receipt that is posted by itself. Cents and epoch ms. */
export interface SingleReceipt {
  readonly externalId: string;
  readonly partner: PartnerName;
  readonly channel: ChannelName;
  readonly number: string;
  readonly occurredAt: number;
  readonly total: number;
  readonly customer: string | null;
}

export interface DayTotal {
  readonly channel: ChannelName;
  readonly date: string;
  readonly receipts: number;
  readonly revenue: number;
}

/** Where every receipt is posted; elsewhere the till sends the totals of a day. */
const SINGLE: ChannelName = 'app';

/** The days of the campaign that are over: all but today. */
function pastDays(today: string): string[] {
  return Array.from({ length: DAYS_SINCE_START }, (_, index) => addDays(today, index - DAYS_SINCE_START));
}

/** The app's receipts of every day: those with a code, charged without the discount, and the others. */
export function appReceipts(today: string, visits: readonly Visit[], random: SeededRandom): SingleReceipt[] {
  const promo = visits
    .filter(({ channel }) => channel === SINGLE)
    .map(({ externalId, redeemer, channel, receiptNumber, occurredAt, subtotal, customer }) => ({
      ...{ externalId: `receipt-${externalId}`, partner: redeemer, channel, number: receiptNumber },
      // Both code words that come up here take ten per cent off.
      ...{ occurredAt, total: subtotal - subtotal / 10, customer },
    }));
  const others = pastDays(today).flatMap((day) => otherReceipts(day, random));
  return [...promo, ...others];
}

function otherReceipts(day: string, random: SeededRandom): SingleReceipt[] {
  const { partner, average } = CHANNELS[SINGLE];
  const count = around(CHANNELS[SINGLE].receipts, random);
  return Array.from({ length: count }, (_, index) => ({
    ...{ externalId: `receipt-app-${day}-${index + 1}`, partner, channel: SINGLE },
    ...{ number: `${day}-${index + 1}`, occurredAt: duringDay(day, random) },
    ...{ total: random.integer(average / 2, average * 1.5), customer: null },
  }));
}

/** Visits before the campaign, from 75 to 2 days before its start: whoever made one is no new customer. */
export function earlierReceipts(today: string, random: SeededRandom): SingleReceipt[] {
  const places = [
    ['gym', 'reception'],
    ['cafe', 'counter'],
  ] as const;
  return places.flatMap(([partner, channel]) => {
    const pool = CUSTOMERS[partner];
    return Array.from({ length: pool.known }, (_, index) => {
      const customer = customerNumber(pool, index);
      const day = addDays(today, -DAYS_SINCE_START - random.integer(2, 75));
      const total = random.integer(CHANNELS[channel].average / 2, CHANNELS[channel].average * 2);
      const externalId = `receipt-earlier-${customer}`;
      const occurredAt = duringDay(day, random);
      return { externalId, partner, channel, number: `earlier-${customer}`, occurredAt, total, customer };
    });
  });
}

/** Count and sum of each day and channel that does not post its receipts one by one; people with a code are among them. */
export function dayTotals(today: string, random: SeededRandom): DayTotal[] {
  const channels = CHANNEL_NAMES.filter((name) => name !== SINGLE && CHANNELS[name].receipts > 0);
  return pastDays(today).flatMap((date) =>
    channels.map((channel) => {
      const receipts = around(CHANNELS[channel].receipts, random);
      return { channel, date, receipts, revenue: receipts * around(CHANNELS[channel].average, random) };
    }),
  );
}

/** Within fifteen per cent. */
function around(usual: number, random: SeededRandom): number {
  return Math.round(usual * (0.85 + 0.3 * random.next()));
}
