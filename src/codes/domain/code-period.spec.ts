import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from '../../kernel/period.js';
import { toCodeDays, toCodePeriod } from './code-period.js';

const day = fc.integer({ min: 0, max: 60_000 }).map((days) => addDays('1990-01-01', days));
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kolkata', 'Pacific/Apia');

describe('the time in which a code is taken', () => {
  it('lasts until the end of the day on which the code expires', () => {
    const period = toCodePeriod({ startsOn: '2026-03-01', expiresOn: '2026-03-29' }, 'Europe/Berlin');
    expect(new Date(period.startsAt ?? 0).toISOString()).toBe('2026-02-28T23:00:00.000Z');
    // That Sunday has 23 hours: at 2:00 the clocks go to 3:00.
    expect(new Date(period.expiresAt ?? 0).toISOString()).toBe('2026-03-29T22:00:00.000Z');
  });

  it('has no bound where no day is given', () => {
    expect(toCodePeriod({ startsOn: null, expiresOn: null }, 'UTC')).toEqual({
      startsAt: null,
      expiresAt: null,
    });
  });

  it('gives back the days it was made of, in every zone', () => {
    fc.assert(
      fc.property(fc.option(day), fc.option(day), zone, (startsOn, expiresOn, timeZone) => {
        // Samoa had no 30 December 2011; a period that begins then begins a day later.
        fc.pre(timeZone !== 'Pacific/Apia' || ![startsOn, expiresOn].includes('2011-12-30'));
        const days = { startsOn, expiresOn };
        expect(toCodeDays(toCodePeriod(days, timeZone), timeZone)).toEqual(days);
      }),
    );
  });
});
