import { describe, expect, it } from '@jest/globals';
import { redemptionWindow } from './campaign-terms.js';

const iso = (epochMs: number) => new Date(epochMs).toISOString();

describe('redemptionWindow', () => {
  it('runs from the start of the first day to the end of the last one, in the zone of the campaign', () => {
    const june = { startsOn: '2026-06-01', endsOn: '2026-06-30', redeemUntil: null };
    const { startsAt, redeemBefore } = redemptionWindow(june, 'Europe/Berlin');
    expect([iso(startsAt), iso(redeemBefore)]).toEqual([
      '2026-05-31T22:00:00.000Z',
      '2026-06-30T22:00:00.000Z',
    ]);
  });

  it('takes codes until the end of redeemUntil where there is one', () => {
    const { redeemBefore } = redemptionWindow(
      { startsOn: '2026-06-01', endsOn: '2026-06-30', redeemUntil: '2026-07-15' },
      'UTC',
    );
    expect(iso(redeemBefore)).toBe('2026-07-16T00:00:00.000Z');
  });

  it('lasts 23 hours on the one day on which clocks go forward', () => {
    const { startsAt, redeemBefore } = redemptionWindow(
      { startsOn: '2026-03-29', endsOn: '2026-03-29', redeemUntil: null },
      'Europe/Berlin',
    );
    expect(redeemBefore - startsAt).toBe(23 * 60 * 60 * 1000);
  });
});
