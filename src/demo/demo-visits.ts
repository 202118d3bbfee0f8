import { addDays, startOfDay } from '../kernel/period.js';
import { type ChannelName, DAYS_TOLD, type PartnerName, TIME_ZONE } from './demo-story.js';
import type { SeededRandom } from './seeded-random.js';

/** A customer at a till with a code. Amounts are cents, instants epoch ms. */
export interface Visit {
  readonly externalId: string;
  readonly redeemer: PartnerName;
  readonly channel: ChannelName;
  readonly day: string;
  readonly occurredAt: number;
  /** As typed. */
  readonly code: string;
  readonly receiptNumber: string;
  readonly subtotal: number;
  readonly customer: string | null;
  /** What the clerk believes; null without a customer. */
  readonly claim: 'new' | 'returning' | null;
}

/** One way in which people come with a code. */
export interface Habit {
  readonly redeemer: PartnerName;
  readonly channels: readonly [ChannelName, ...ChannelName[]];
  /** As people type the code; the first is how it was printed. */
  readonly spellings: readonly [string, ...string[]];
  readonly perDay: readonly [number, number];
  /** In steps of ten cents, so that ten per cent of it are whole cents. */
  readonly subtotal: readonly [number, number];
}

/** Some letters below are Cyrillic: the У of GУM10 and the С, А and Е of САFЕ 20. Customers cannot see that, nor should tills. */
export const HABITS: readonly Habit[] = [
  {
    ...{ redeemer: 'cafe', channels: ['counter', 'counter', 'app'] },
    spellings: ['GYM10', 'gym 10', 'Gym-10', 'G\u0423M10'],
    ...{ perDay: [7, 11], subtotal: [450, 1_900] },
  },
  {
    ...{ redeemer: 'cafe', channels: ['counter', 'app'] },
    spellings: ['STRONG COFFEE', 'strong-coffee', 'StrongCoffee'],
    ...{ perDay: [2, 4], subtotal: [450, 1_600] },
  },
  {
    ...{ redeemer: 'gym', channels: ['reception', 'reception', 'webShop'] },
    spellings: ['CAFE20', 'Cafe 20', 'Café 20', '\u0421\u0410F\u0415 20'],
    ...{ perDay: [4, 7], subtotal: [2_500, 9_000] },
  },
  {
    ...{ redeemer: 'gym', channels: ['reception'] },
    spellings: ['AURORA FIRST 30', 'aurora first 30', 'Aurora-First-30'],
    ...{ perDay: [3, 4], subtotal: [2_500, 7_500] },
  },
];

/** How people come with a certificate; each has its own coupon. */
export const CERTIFICATE_HABIT: Omit<Habit, 'spellings'> = {
  ...{ redeemer: 'gym', channels: ['reception', 'webShop'] },
  ...{ perDay: [3, 5], subtotal: [5_500, 12_000] },
};

interface CustomerPool {
  readonly prefix: string;
  readonly size: number;
  /** The first so many had been there before the campaign. */
  readonly known: number;
}
export const CUSTOMERS: Readonly<Record<'gym' | 'cafe', CustomerPool>> = {
  gym: { prefix: 'IRON-', size: 130, known: 40 },
  cafe: { prefix: 'AUR-', size: 160, known: 70 },
};

export function customerNumber({ prefix }: CustomerPool, index: number): string {
  return `${prefix}${String(index + 1).padStart(4, '0')}`;
}

/** The days that are told, oldest first; the last is the day before `today`. */
export function toldDays(today: string): string[] {
  return Array.from({ length: DAYS_TOLD }, (_, index) => addDays(today, index - DAYS_TOLD));
}

const OPENS_AT_HOUR = 8;
const OPEN_HOURS = 13;
const WITHOUT_CARD = 0.2;
const MISJUDGED = 0.1;
const HOUR = 3_600_000;
const SECOND = 1_000;

/** The visits of one day by one habit; `codeOf` is asked for each. */
export function visitsOf(
  habit: Omit<Habit, 'spellings'>,
  day: string,
  random: SeededRandom,
  codeOf: () => string,
): Omit<Visit, 'externalId' | 'receiptNumber'>[] {
  const visits = random.integer(...habit.perDay);
  return Array.from({ length: visits }, () => ({
    redeemer: habit.redeemer,
    channel: random.pick(habit.channels),
    day,
    occurredAt: duringDay(day, random),
    code: codeOf(),
    subtotal: random.integer(habit.subtotal[0] / 10, habit.subtotal[1] / 10) * 10,
    ...customerAt(habit.redeemer, random),
  }));
}

/** Some second of the opening hours. On the night of a clock change it is an hour off, but the same day. */
export function duringDay(day: string, random: SeededRandom): number {
  const opening = startOfDay(day, TIME_ZONE) + OPENS_AT_HOUR * HOUR;
  return opening + random.integer(0, OPEN_HOURS * 3_600 - 1) * SECOND;
}

function customerAt(redeemer: PartnerName, random: SeededRandom): Pick<Visit, 'customer' | 'claim'> {
  if (redeemer === 'market' || random.chance(WITHOUT_CARD)) return { customer: null, claim: null };
  const pool = CUSTOMERS[redeemer];
  const index = random.integer(0, pool.size - 1);
  const isKnown = index < pool.known !== random.chance(MISJUDGED);
  return { customer: customerNumber(pool, index), claim: isKnown ? 'returning' : 'new' };
}
