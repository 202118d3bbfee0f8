import { describe, expect, it } from '@jest/globals';
import { checkReceiptTotals, type ReceiptTotal } from './check-receipt-totals.js';
import type { PostingContext } from './posting-context.js';

function aContext(overrides: Partial<PostingContext> = {}): PostingContext {
  const timeZones = new Map([
    ['till', 'Europe/Berlin'],
    ['island', 'Pacific/Kiritimati'],
  ]);
  // 15 June noon in Berlin, 16 June two in the morning on the island.
  return { boundChannelId: null, currency: 'EUR', now: Date.UTC(2026, 5, 15, 12), timeZones, ...overrides };
}

function aTotal(overrides: Partial<ReceiptTotal> = {}): ReceiptTotal {
  const revenue = { minor: 100_000n, currency: 'EUR' };
  return { channelId: 'till', date: '2026-06-15', receipts: 120, revenue, ...overrides };
}

function faultOf(totals: ReceiptTotal[], context: Partial<PostingContext> = {}) {
  const error = checkReceiptTotals(totals, aContext(context));
  if (!error) return null;
  return {
    status: error.details?.status,
    code: error.code,
    pointers: error.details?.errors?.map((e) => e.pointer),
  };
}

const dollars = { minor: 1n, currency: 'USD' };

describe('checkReceiptTotals', () => {
  it('takes good totals, a loss too', () => {
    const loss = { minor: -5_000n, currency: 'EUR' };
    expect(faultOf([aTotal(), aTotal({ channelId: 'island', profit: loss })])).toBeNull();
    expect(faultOf([aTotal()], { boundChannelId: 'till' })).toBeNull();
  });

  it('points at every total of a channel that is not the partner’s own', () => {
    const strange = aTotal({ channelId: 'elsewhere' });
    expect(faultOf([aTotal(), strange, strange])).toEqual({
      status: 404,
      code: 'not-found',
      pointers: ['/items/1/channelId', '/items/2/channelId'],
    });
  });

  it('lets a bound key put totals of its own channel only, known or not', () => {
    const totals = [aTotal(), aTotal({ channelId: 'island' }), aTotal({ channelId: 'elsewhere' })];
    expect(faultOf(totals, { boundChannelId: 'till' })).toEqual({
      status: 403,
      code: 'forbidden',
      pointers: ['/items/1/channelId', '/items/2/channelId'],
    });
  });

  it('takes tomorrow by the channel’s own calendar, and no later day', () => {
    expect(faultOf([aTotal({ date: '2026-06-16' })])).toBeNull();
    expect(faultOf([aTotal({ channelId: 'island', date: '2026-06-17' })])).toBeNull();
    const late = [aTotal({ date: '2026-06-17' }), aTotal({ channelId: 'island', date: '2026-06-18' })];
    expect(faultOf(late)).toEqual({
      status: 400,
      code: 'request.invalid',
      pointers: ['/items/0/date', '/items/1/date'],
    });
  });

  it('names every amount that is not in the partner’s currency', () => {
    expect(faultOf([aTotal({ profit: dollars }), aTotal({ revenue: dollars, profit: dollars })])).toEqual({
      status: 422,
      code: 'currency.mismatch',
      pointers: ['/items/0/profit/currency', '/items/1/revenue/currency', '/items/1/profit/currency'],
    });
  });

  it('answers the kind of fault that comes first, whatever the order of the totals', () => {
    const faults = [
      aTotal({ revenue: dollars }),
      aTotal({ date: '2027-01-01' }),
      aTotal({ channelId: 'elsewhere' }),
    ];
    expect(faultOf(faults)).toMatchObject({ status: 404, pointers: ['/items/2/channelId'] });
    expect(faultOf(faults.slice(0, 2))).toMatchObject({ status: 400, pointers: ['/items/1/date'] });
  });

  it('says at most twenty times what is wrong', () => {
    expect(faultOf(Array.from({ length: 1_000 }, () => aTotal({ revenue: dollars })))?.pointers).toHaveLength(
      20,
    );
  });
});
