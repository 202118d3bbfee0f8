import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, daysBetween } from '../../kernel/period.js';
import { aftermathWindow, baselineWindow } from './baseline-window.js';
import { describeChange } from './describe-change.js';

describe('baselineWindow', () => {
  it.each([
    // June has 30 days: five weeks earlier.
    ['2026-06-01', '2026-07-01', '2026-04-27', '2026-05-27'],
    ['2026-06-01', '2026-06-15', '2026-05-18', '2026-06-01'],
    ['2026-06-01', '2026-06-02', '2026-05-25', '2026-05-26'],
  ])('of %s to %s is %s to %s', (from, to, earlier, end) => {
    expect(baselineWindow({ from, to })).toEqual({ from: earlier, to: end });
  });

  it('of a part of the campaign lies before the whole campaign, and the aftermath behind it', () => {
    // Campaign 1 to 30 June; its third week, 15 to 21 June, moves by three weeks back and by three on.
    const week = { from: '2026-06-15', to: '2026-06-22' };
    expect(baselineWindow(week, '2026-06-01')).toEqual({ from: '2026-05-25', to: '2026-06-01' });
    expect(aftermathWindow(week, '2026-07-01')).toEqual({ from: '2026-07-06', to: '2026-07-13' });
  });

  it('is as long, ends before the start, and begins on the same weekday', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 200 }), (offset, length) => {
        const from = addDays('2020-01-01', offset);
        const period = { from, to: addDays(from, length) };
        for (const window of [baselineWindow(period), aftermathWindow(period)]) {
          expect(daysBetween(window.from, window.to)).toBe(length);
          expect(Math.abs(daysBetween(window.from, from)) % 7).toBe(0);
        }
        expect(baselineWindow(period).to <= from).toBe(true);
        expect(daysBetween(baselineWindow(period).to, from)).toBeLessThan(7);
        expect(aftermathWindow(period).from >= period.to).toBe(true);
      }),
    );
  });
});

describe('describeChange', () => {
  it('compares means per day', () => {
    // 10 a day before, 12 during: + 20 %
    expect(describeChange([9, 11], [12, 12, 12])).toEqual({
      before: { days: 2, perDay: 10 },
      during: { days: 3, perDay: 12 },
      relativeChange: expect.closeTo(0.2, 12),
    });
  });

  it('has no change without something before', () => {
    expect(describeChange([], [1]).relativeChange).toBeNull();
    expect(describeChange([0, 0], [1]).relativeChange).toBeNull();
    expect(describeChange([1], []).relativeChange).toBeNull();
  });
});
