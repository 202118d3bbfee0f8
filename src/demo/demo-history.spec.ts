import { describe, expect, it } from '@jest/globals';
import { hasValidCheck } from '../codes/domain/check-character.js';
import { codeKey } from '../codes/domain/code-key.js';
import { addDays, localDate, startOfDay } from '../kernel/period.js';
import { buildHistory } from './demo-history.js';
import { mistype } from './demo-mishaps.js';
import { TIME_ZONE, WORDS } from './demo-story.js';
import { HABITS } from './demo-visits.js';

const TODAY = '2026-06-17';
const COUPONS = Array.from({ length: 500 }, (_, index) => `FIT-${index}`);
const { visits, receipts, totals, reversals } = buildHistory(TODAY, COUPONS);

describe('the story of the demo', () => {
  it('is the same for the same day and coupons', () => {
    expect(buildHistory(TODAY, COUPONS)).toEqual({ visits, receipts, totals, reversals });
  });

  it('is told in the order of the days and is over before today', () => {
    const instants = visits.map(({ occurredAt }) => occurredAt);
    expect(instants).toEqual([...instants].sort((a, b) => a - b));
    expect(visits.map(({ occurredAt }) => localDate(occurredAt, TIME_ZONE))).toEqual(
      visits.map(({ day }) => day),
    );
    expect([visits[0]?.day, visits.at(-1)?.day]).toEqual([addDays(TODAY, -14), addDays(TODAY, -1)]);
    const last = Math.max(...instants, ...reversals.map(({ occurredAt }) => occurredAt));
    expect(last).toBeLessThan(startOfDay(TODAY, TIME_ZONE));
  });

  it('names every attempt, receipt and channel day once', () => {
    const ids = visits.map(({ externalId }) => externalId);
    const days = totals.map(({ channel, date }) => `${channel} ${date}`);
    const posted = receipts.map(({ externalId }) => externalId);
    for (const names of [ids, days, posted]) expect(new Set(names).size).toBe(names.length);
  });

  it('has people type the words in spellings that mean the same, one of them in another alphabet', () => {
    for (const { spellings } of HABITS) {
      expect(WORDS.map(({ word }) => word)).toContain(spellings[0]);
      expect(new Set(spellings.map(codeKey)).size).toBe(1);
    }
    expect(visits.filter(({ code }) => /\p{Script=Cyrillic}/u.test(code)).length).toBeGreaterThan(5);
  });

  it('uses a coupon once, but for the one that is shown again', () => {
    const shown = visits.map(({ code }) => code).filter((code) => code.startsWith('FIT-'));
    const repeated = shown.filter((code, index) => shown.indexOf(code) < index);
    expect(new Set(repeated)).toEqual(new Set([COUPONS[0], COUPONS.at(-1), mistype(COUPONS.at(-1) ?? '')]));
  });

  it('has two customers bring everything back, and three use two words on one receipt', () => {
    expect(reversals).toHaveLength(2);
    const numbers = visits.map(({ receiptNumber }) => receiptNumber);
    expect(numbers.length - new Set(numbers).size).toBe(3);
  });

  it('charges a receipt of the app what its code left of it, in whole cents', () => {
    const promo = visits.filter(({ channel }) => channel === 'app');
    const charged = new Map(receipts.map(({ number, total }) => [number, total]));
    expect(promo.length).toBeGreaterThan(20);
    for (const { receiptNumber, subtotal } of promo) {
      expect(charged.get(receiptNumber)).toBe((subtotal * 9) / 10);
      expect(subtotal % 10).toBe(0);
    }
  });
});

describe('a mistyped coupon', () => {
  it('differs in one character and fails its check', () => {
    const mistyped = mistype('FIT-2345-6789-CDX');
    expect(mistyped).toBe('FIT-2345-6789-CFX');
    const isValid = [...'23456789CDFHJKLMNPRTWXY'].map((check) => {
      const coupon = `FIT23456789CD${check}`;
      return [hasValidCheck(coupon), hasValidCheck(mistype(coupon))];
    });
    expect(isValid.filter(([right]) => right)).toEqual([[true, false]]);
  });
});
