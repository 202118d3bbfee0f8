import { Temporal } from 'temporal-polyfill';

/** Whole local days of some time zone, half-open: `to` is the first day that no longer belongs. */
export interface LocalPeriod {
  readonly from: string;
  readonly to: string;
}

// PlainDate also reads "20240229" and times; dates here have one spelling, because they are compared as text.
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Epoch milliseconds of the first instant of a local date. Where clocks skip midnight (Sao Paulo, Beirut) the day
 * begins at 01:00; where midnight comes twice (Havana) it begins at the first.
 * Throws RangeError on a malformed date or an unknown zone.
 */
export function startOfDay(date: string, timeZone: string): number {
  return plainDate(date).toZonedDateTime({ timeZone }).epochMilliseconds;
}

// Asking the time zone database takes some 20 µs, and every redemption asks. Offsets are multiples of 15 minutes, so
// days begin on quarter hours and one answer serves the whole quarter. The rare quarter that a clock change cuts
// (St John's changed at 00:01 until 2011) is kept as null and computed each time.
const QUARTER = 15 * 60_000;
// Six weeks of quarters in each of 32 zones, some 10 MB when full; full maps are emptied and fill again.
const MAX_QUARTERS = 4096;
const MAX_ZONES = 32;
const datesByZone = new Map<string, Map<number, string | null>>();

/** The local date of an instant as YYYY-MM-DD. Throws RangeError on an unknown zone. */
export function localDate(epochMs: number, timeZone: string): string {
  const quarter = Math.floor(epochMs / QUARTER);
  const known = datesByZone.get(timeZone)?.get(quarter);
  const date = known === undefined ? remember(timeZone, quarter, dateOfQuarter(quarter, timeZone)) : known;
  return date ?? computeLocalDate(epochMs, timeZone);
}

/** The date so many calendar days later (earlier when negative). Throws RangeError on a malformed date. */
export function addDays(date: string, days: number): string {
  return plainDate(date).add({ days }).toString();
}

/** Calendar days from one date to another; negative when `to` is earlier. Throws RangeError on a malformed date. */
export function daysBetween(from: string, to: string): number {
  return plainDate(from).until(plainDate(to), { largestUnit: 'days' }).days;
}

/** The ISO 8601 week that a date belongs to, "2026-W01". It begins on Monday, and its Thursday decides about the year. */
export function isoWeek(date: string): string {
  const { yearOfWeek, weekOfYear } = plainDate(date);
  return `${yearOfWeek}-W${String(weekOfYear).padStart(2, '0')}`;
}

/** 1 for Monday to 7 for Sunday. Throws RangeError on a malformed date. */
export function dayOfWeek(date: string): number {
  return plainDate(date).dayOfWeek;
}

/** Whether this is a date of the calendar in the one spelling that is used here, such as 2024-02-29. */
export function isLocalDate(text: string): boolean {
  try {
    return plainDate(text).toString() === text;
  } catch {
    return false;
  }
}

/**
 * Whether this is a name of the IANA time zone database. Bare offsets ("+03:00") are refused: they know no daylight
 * saving, and PostgreSQL reads their sign the other way round (POSIX).
 */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function plainDate(date: string): Temporal.PlainDate {
  if (!DATE.test(date)) throw new RangeError(`"${date}" is not a date such as 2024-02-29`);
  return Temporal.PlainDate.from(date);
}

function remember(timeZone: string, quarter: number, date: string | null): string | null {
  let dates = datesByZone.get(timeZone);
  if (!dates) {
    if (datesByZone.size >= MAX_ZONES) datesByZone.clear();
    dates = new Map<number, string | null>();
    datesByZone.set(timeZone, dates);
  }
  if (dates.size >= MAX_QUARTERS) dates.clear();
  dates.set(quarter, date);
  return date;
}

function dateOfQuarter(quarter: number, timeZone: string): string | null {
  const first = computeLocalDate(quarter * QUARTER, timeZone);
  const last = computeLocalDate((quarter + 1) * QUARTER - 1, timeZone);
  return first === last ? first : null;
}

function computeLocalDate(epochMs: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(epochMs))
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();
}
