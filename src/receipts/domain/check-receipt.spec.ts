import { describe, expect, it } from '@jest/globals';
import { checkReceipt } from './check-receipt.js';
import type { PostingContext } from './posting-context.js';
import type { PostedReceipt } from './receipt.js';

const NOON = Date.UTC(2026, 5, 15, 12);
const HOUR = 3_600_000;

function aContext(overrides: Partial<PostingContext> = {}): PostingContext {
  const timeZones = new Map([
    ['till', 'Europe/Berlin'],
    ['island', 'Pacific/Kiritimati'],
  ]);
  return { boundChannelId: null, currency: 'EUR', now: NOON, timeZones, ...overrides };
}

function aReceipt(overrides: Partial<PostedReceipt> = {}): PostedReceipt {
  const total = { minor: 1_000n, currency: 'EUR' };
  return { externalId: 'e1', channelId: 'till', number: 'R-1', occurredAt: NOON, total, ...overrides };
}

function faultOf(receipt: Partial<PostedReceipt>, context: Partial<PostingContext> = {}) {
  const check = checkReceipt(aReceipt(receipt), aContext(context));
  if (check.kind === 'fine') return null;
  const { status, errors = [] } = check.error.details ?? {};
  return { status, code: check.error.code, pointers: errors.map(({ pointer }) => pointer) };
}

describe('checkReceipt', () => {
  it('counts a receipt for the local date of its channel', () => {
    const beforeMidnightInBerlin = Date.UTC(2026, 5, 14, 21, 59);
    const at = (channelId: string, occurredAt: number) =>
      checkReceipt(aReceipt({ channelId, occurredAt }), aContext());
    expect(at('till', beforeMidnightInBerlin)).toEqual({ kind: 'fine', day: '2026-06-14' });
    expect(at('till', beforeMidnightInBerlin + 60_000)).toEqual({ kind: 'fine', day: '2026-06-15' });
    expect(at('island', beforeMidnightInBerlin)).toEqual({ kind: 'fine', day: '2026-06-15' });
  });

  it('does not find a channel that is not the partner’s own', () => {
    expect(faultOf({ channelId: 'elsewhere' })).toEqual({ status: 404, code: 'not-found', pointers: [] });
  });

  it('lets a bound key post for its own channel only, known or not', () => {
    expect(faultOf({}, { boundChannelId: 'till' })).toBeNull();
    expect(faultOf({}, { boundChannelId: 'island' })).toMatchObject({ status: 403, code: 'forbidden' });
    expect(faultOf({ channelId: 'elsewhere' }, { boundChannelId: 'island' })).toMatchObject({ status: 403 });
  });

  it('allows a till’s clock to be a day ahead and not a millisecond more', () => {
    expect(faultOf({ occurredAt: NOON + 24 * HOUR })).toBeNull();
    expect(faultOf({ occurredAt: NOON + 24 * HOUR + 1 })).toEqual({
      status: 400,
      code: 'request.invalid',
      pointers: ['/occurredAt'],
    });
  });

  it('takes receipts of any age', () => {
    expect(faultOf({ occurredAt: Date.UTC(1999, 0, 1) })).toBeNull();
  });

  it('names every amount that is not in the partner’s currency', () => {
    const dollars = { minor: 1n, currency: 'USD' };
    const mismatch = { status: 422, code: 'currency.mismatch' };
    expect(faultOf({ total: dollars })).toEqual({ ...mismatch, pointers: ['/total/currency'] });
    expect(faultOf({ costOfGoods: dollars })).toEqual({ ...mismatch, pointers: ['/costOfGoods/currency'] });
    expect(faultOf({ total: dollars, costOfGoods: dollars })).toEqual({
      ...mismatch,
      pointers: ['/total/currency', '/costOfGoods/currency'],
    });
  });
});
