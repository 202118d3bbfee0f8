import { describe, expect, it } from '@jest/globals';
import { emptySource, oneRedemption } from '../../../test/support/source-builders.js';
import { addDays, daysBetween, localDate } from '../../kernel/period.js';
import { buildReport } from './build-report.js';

const HOUR = 3_600_000;

/** A sale every hour, each counted on its local date as the intake does. */
function hourlySales(timeZone: string, fromUtc: string, toUtc: string, period: { from: string; to: string }) {
  const [start, end] = [Date.parse(fromUtc), Date.parse(toUtc)];
  const hours = Array.from({ length: (end - start) / HOUR }, (_, index) => start + index * HOUR);
  const cells = hours.map((hour) => oneRedemption(localDate(hour, timeZone)));
  return emptySource({ period, asOf: '2030-01-01', cells });
}

const series = (source: ReturnType<typeof hourlySales>, groupBy: 'day' | 'week') =>
  (buildReport(source, { groupBy: [groupBy] }).groups ?? []).map(({ label, figures }) => {
    const { acceptedRedemptions } = figures;
    return [label, 'undefined' in acceptedRedemptions ? null : acceptedRedemptions.value.numerator];
  });

describe('a daily series', () => {
  it.each([
    {
      name: 'Berlin loses an hour in March',
      ...{ zone: 'Europe/Berlin', from: '2026-03-27T23:00Z', to: '2026-03-30T22:00Z' },
      days: [
        ['2026-03-28', 24n],
        ['2026-03-29', 23n],
        ['2026-03-30', 24n],
      ],
    },
    {
      name: 'Berlin has an hour twice in October',
      ...{ zone: 'Europe/Berlin', from: '2026-10-23T22:00Z', to: '2026-10-26T23:00Z' },
      days: [
        ['2026-10-24', 24n],
        ['2026-10-25', 25n],
        ['2026-10-26', 24n],
      ],
    },
    {
      name: 'Sao Paulo skipped midnight in 2018: the day began at one',
      ...{ zone: 'America/Sao_Paulo', from: '2018-11-03T03:00Z', to: '2018-11-06T02:00Z' },
      days: [
        ['2018-11-03', 24n],
        ['2018-11-04', 23n],
        ['2018-11-05', 24n],
      ],
    },
    {
      name: 'Apia left out a whole day in 2011: it is there, and nothing happened on it',
      ...{ zone: 'Pacific/Apia', from: '2011-12-29T10:00Z', to: '2011-12-31T10:00Z' },
      days: [
        ['2011-12-29', 24n],
        ['2011-12-30', 0n],
        ['2011-12-31', 24n],
      ],
    },
  ])('$name, and every sale is in it once', ({ zone, from, to, days }) => {
    const last = String(days.at(-1)?.[0]);
    const period = { from: String(days[0]?.[0]), to: addDays(last, 1) };
    expect(series(hourlySales(zone, from, to, period), 'day')).toEqual(days);
  });

  it('has every day of a year with both changes, without gaps', () => {
    const period = { from: '2026-01-01', to: '2027-01-01' };
    const days = series(emptySource({ period, asOf: '2030-01-01' }), 'day').map(([day]) => String(day));
    expect(days).toHaveLength(365);
    for (const [index, day] of days.slice(1).entries()) expect(daysBetween(days[index] ?? '', day)).toBe(1);
  });
});

describe('a weekly series', () => {
  it('adds up the days of each ISO week, across a clock change and a new year', () => {
    const period = { from: '2026-03-23', to: '2026-04-06' };
    const source = hourlySales('Europe/Berlin', '2026-03-22T23:00Z', '2026-04-05T22:00Z', period);
    // seven days of 24 hours, the first week with one hour less
    expect(series(source, 'week')).toEqual([
      ['2026-W13', 167n],
      ['2026-W14', 168n],
    ]);
    const winter = emptySource({ period: { from: '2026-12-28', to: '2027-01-11' }, asOf: '2030-01-01' });
    expect(series(winter, 'week').map(([week]) => week)).toEqual(['2026-W53', '2027-W01']);
  });
});
