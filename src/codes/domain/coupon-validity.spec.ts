import { describe, expect, it } from '@jest/globals';
import { couponValidity } from './coupon-validity.js';

const BERLIN = 'Europe/Berlin';
const instant = (text: string) => Date.parse(text);
const END = instant('2026-12-31T23:00:00Z');

function validity(issuedAt: string, validDays: number | null, redeemBefore = END, timeZone = BERLIN) {
  const { expiresAt, toldExpiresAt } = couponValidity(instant(issuedAt), {
    validDays,
    redeemBefore,
    timeZone,
  });
  const text = (epochMs: number | null) => epochMs && new Date(epochMs).toISOString();
  return [text(expiresAt), text(toldExpiresAt)];
}

describe('couponValidity', () => {
  it('ends with the local day so many days after the day of issuance', () => {
    const endOfFirstJuly = '2026-07-01T22:00:00.000Z';
    expect(validity('2026-06-01T06:00:00Z', 30)).toEqual([endOfFirstJuly, endOfFirstJuly]);
    expect(validity('2026-06-01T21:59:59Z', 30)).toEqual([endOfFirstJuly, endOfFirstJuly]);
    expect(validity('2026-06-01T22:00:00Z', 29)).toEqual([endOfFirstJuly, endOfFirstJuly]);
  });

  it('of 0 days ends today', () => {
    expect(validity('2026-06-01T06:00:00Z', 0)[0]).toBe('2026-06-01T22:00:00.000Z');
  });

  it('counts days, not hours, across a change of the clocks', () => {
    expect(validity('2026-10-24T10:00:00Z', 1)[0]).toBe('2026-10-25T23:00:00.000Z');
  });

  it('is told no longer than the campaign takes codes, but not bound to it', () => {
    const redeemBefore = instant('2026-06-10T22:00:00Z');
    expect(validity('2026-06-01T06:00:00Z', 30, redeemBefore)).toEqual([
      '2026-07-01T22:00:00.000Z',
      '2026-06-10T22:00:00.000Z',
    ]);
  });

  it('without days is the validity of the campaign', () => {
    expect(validity('2026-06-01T06:00:00Z', null)).toEqual([null, '2026-12-31T23:00:00.000Z']);
  });
});
