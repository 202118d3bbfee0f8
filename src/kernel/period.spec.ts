import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, dayOfWeek, daysBetween, isoWeek, isTimeZone, localDate, startOfDay } from './period.js';

const HOUR = 3_600_000;
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'Europe/Moscow',
  'America/New_York',
  'America/Sao_Paulo',
  'America/Havana',
  'America/St_Johns',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
];
const zone = fc.constantFrom(...ZONES);
// From 2012 on, when St John's no longer changed clocks a minute past midnight.
const date = fc.integer({ min: 0, max: 20 * 365 }).map((days) => addDays('2012-01-01', days));
const instant = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2040, 0) });

const hoursOf = (day: string, timeZone: string): number =>
  (startOfDay(addDays(day, 1), timeZone) - startOfDay(day, timeZone)) / HOUR;

/** An independent reading of the same time zone database; the Swedish locale writes ISO dates. */
const dateByIntl = (epochMs: number, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone }).format(epochMs);

describe('startOfDay', () => {
  it.each([
    ['2024-03-31', 'Europe/Berlin', 23],
    ['2024-10-27', 'Europe/Berlin', 25],
    ['2024-03-10', 'America/New_York', 23],
    ['2024-11-03', 'America/New_York', 25],
    ['2018-11-04', 'America/Sao_Paulo', 23],
    ['2018-02-17', 'America/Sao_Paulo', 25],
    ['2022-03-27', 'Asia/Beirut', 23],
    ['2024-11-03', 'America/Havana', 25],
    ['2024-04-07', 'Australia/Lord_Howe', 24.5],
    ['2024-06-01', 'Europe/Berlin', 24],
  ])('%s in %s has %d hours', (day, timeZone, hours) => {
    expect(hoursOf(day, timeZone)).toBe(hours);
  });

  it.each([
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00Z'],
    ['2022-03-27', 'Asia/Beirut', '2022-03-26T22:00:00Z'],
  ])('%s in %s begins at 01:00, since its clocks skip midnight', (day, timeZone, first) => {
    expect(startOfDay(day, timeZone)).toBe(Date.parse(first));
    expect(localDate(Date.parse(first) - 1, timeZone)).toBe(addDays(day, -1));
  });

  it('where midnight comes twice the day begins at the first', () => {
    expect(startOfDay('2024-11-03', 'America/Havana')).toBe(Date.parse('2024-11-03T04:00:00Z'));
  });

  it('a date that a place left out begins with the next one', () => {
    expect(startOfDay('2011-12-30', 'Pacific/Apia')).toBe(startOfDay('2011-12-31', 'Pacific/Apia'));
  });

  it('days meet without gap or overlap', () => {
    fc.assert(
      fc.property(date, zone, (day, timeZone) => {
        const start = startOfDay(day, timeZone);
        expect(localDate(start, timeZone)).toBe(day);
        expect(localDate(start - 1, timeZone)).toBe(addDays(day, -1));
      }),
    );
  });

  it.each(['2024-02-30', '2023-02-29', '20240229', '2024-2-9', '2024-02-29T00:00', '', '+002024-02-29'])(
    '"%s" is not a date',
    (day) => {
      expect(() => startOfDay(day, 'UTC')).toThrow(RangeError);
    },
  );

  it('an unknown zone is refused', () => {
    expect(() => startOfDay('2024-01-01', 'Europe/Atlantis')).toThrow(RangeError);
  });
});

describe('localDate', () => {
  it('agrees with Intl at any instant, asked for the first time or again', () => {
    fc.assert(
      fc.property(instant, zone, (epochMs, timeZone) => {
        const expected = dateByIntl(epochMs, timeZone);
        expect(localDate(epochMs, timeZone)).toBe(expected);
        expect(localDate(epochMs, timeZone)).toBe(expected);
      }),
    );
  });

  it('a quarter of an hour that a clock change cuts belongs to two dates', () => {
    // St John's, 2006: at 00:01 on the 29th clocks went back to 23:01 on the 28th.
    const midnight = Date.parse('2006-10-29T02:30:00Z');
    expect(localDate(midnight, 'America/St_Johns')).toBe('2006-10-29');
    expect(localDate(midnight + 60_000, 'America/St_Johns')).toBe('2006-10-28');
    expect(localDate(midnight + 59_999, 'America/St_Johns')).toBe('2006-10-29');
  });

  it('the last millisecond of a day belongs to it', () => {
    expect(localDate(Date.parse('2024-05-31T21:59:59.999Z'), 'Europe/Berlin')).toBe('2024-05-31');
    expect(localDate(Date.parse('2024-05-31T22:00:00.000Z'), 'Europe/Berlin')).toBe('2024-06-01');
  });

  it('instants before 1970 and fractions of a millisecond are fine', () => {
    expect(localDate(-1, 'UTC')).toBe('1969-12-31');
    expect(localDate(-0.5, 'UTC')).toBe('1969-12-31');
    expect(localDate(0.5, 'UTC')).toBe('1970-01-01');
  });

  it('answers stay right when more is asked than is remembered', () => {
    const from = Date.parse('2024-03-01T00:00:00Z');
    const instants = Array.from({ length: 5000 }, (_, index) => from + (index * HOUR) / 4);
    const wrong = instants.filter((ms) => localDate(ms, 'Asia/Tokyo') !== dateInTokyo(ms));
    expect(wrong).toEqual([]);
    expect(localDate(from, 'Asia/Tokyo')).toBe('2024-03-01');

    const zones = Intl.supportedValuesOf('timeZone').slice(0, 70);
    expect(zones.filter((name) => localDate(from, name) !== dateByIntl(from, name))).toEqual([]);
    expect(zones.filter((name) => localDate(from, name) !== dateByIntl(from, name))).toEqual([]);
  });

  it('an unknown zone is refused every time', () => {
    expect(() => localDate(0, 'Europe/Atlantis')).toThrow(RangeError);
    expect(() => localDate(0, 'Europe/Atlantis')).toThrow(RangeError);
  });
});

/** Tokyo has been nine hours ahead all year since 1952. */
function dateInTokyo(epochMs: number): string {
  return new Date(epochMs + 9 * HOUR).toISOString().slice(0, 10);
}

describe('addDays and daysBetween', () => {
  it('counting the days that were added gives them back', () => {
    fc.assert(
      fc.property(date, fc.integer({ min: -5000, max: 5000 }), (day, days) => {
        expect(daysBetween(day, addDays(day, days))).toBe(days);
      }),
    );
  });

  it('a leap day counts', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2023-02-28', 1)).toBe('2023-03-01');
    expect(daysBetween('2024-02-01', '2024-03-01')).toBe(29);
  });

  it('days are counted across years and backwards', () => {
    expect(daysBetween('2023-12-31', '2025-01-01')).toBe(367);
    expect(daysBetween('2024-06-30', '2024-06-01')).toBe(-29);
  });
});

describe('isTimeZone', () => {
  it('every zone that Intl lists is a zone', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((name) => !isTimeZone(name))).toEqual([]);
  });

  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])('%s is a zone', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each([
    '',
    'Z',
    '+03:00',
    '-05:00',
    '+0300',
    'Europe/Atlantis',
    'Europe/Berlin ',
    '2024-01-01T00:00Z[UTC]',
  ])('"%s" is not a zone', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});

describe('isoWeek', () => {
  it.each([
    // ISO 8601: a week belongs to the year of its Thursday
    ['2024-12-29', '2024-W52'],
    ['2024-12-30', '2025-W01'],
    ['2026-01-01', '2026-W01'],
    ['2027-01-01', '2026-W53'],
    ['2027-01-04', '2027-W01'],
  ])('of %s is %s', (date, week) => {
    expect(isoWeek(date)).toBe(week);
  });

  it('begins on Monday', () => {
    expect([dayOfWeek('2026-06-01'), dayOfWeek('2026-06-07')]).toEqual([1, 7]);
  });
});
