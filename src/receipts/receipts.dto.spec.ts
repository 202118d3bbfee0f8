import { describe, expect, it } from '@jest/globals';
import { notFound } from '../kernel/errors.js';
import { receiptTotalsRequest } from './receipt-totals.dto.js';
import { receiptBatchRequest, toReceiptBatchResponse } from './receipts.dto.js';

const CHANNEL = '0190a000-0000-7000-8000-000000000001';
const euros = (amount: string) => ({ amount, currency: 'EUR' });
const receipt = {
  externalId: 'e1',
  channelId: CHANNEL,
  number: 'R-1',
  occurredAt: '2026-06-15T14:00:00+02:00',
  total: euros('12.30'),
};
const total = { channelId: CHANNEL, date: '2026-06-15', receipts: 120, revenue: euros('1000.00') };

const pathsOf = (schema: typeof receiptBatchRequest | typeof receiptTotalsRequest, items: unknown[]) =>
  schema.safeParse({ items }).error?.issues.map(({ path }) => path.join('/'));
const many = (item: object, count: number) => Array.from({ length: count }, () => item);

describe('receiptBatchRequest', () => {
  it('reads amounts as minor units and instants as epoch milliseconds', () => {
    expect(receiptBatchRequest.parse({ items: [{ ...receipt, costOfGoods: euros('5') }] }).items).toEqual([
      {
        ...receipt,
        occurredAt: Date.UTC(2026, 5, 15, 12),
        total: { minor: 1_230n, currency: 'EUR' },
        costOfGoods: { minor: 500n, currency: 'EUR' },
      },
    ]);
  });

  it('takes 1 to 1,000 receipts', () => {
    expect(pathsOf(receiptBatchRequest, many(receipt, 1_000))).toBeUndefined();
    expect(pathsOf(receiptBatchRequest, many(receipt, 1_001))).toEqual(['items']);
    expect(pathsOf(receiptBatchRequest, [])).toEqual(['items']);
  });

  it.each([
    ['an unknown field', { clerk: 'Ann' }, 'items/0'],
    ['a negative total', { total: euros('-1.00') }, 'items/0/total/amount'],
    ['more decimals than the currency has', { total: euros('1.000') }, 'items/0/total/amount'],
    ['an instant without an offset', { occurredAt: '2026-06-15T14:00:00' }, 'items/0/occurredAt'],
    ['an empty number', { number: ' ' }, 'items/0/number'],
    ['half a surrogate pair', { externalId: 'e\ud800' }, 'items/0/externalId'],
    ['a customer of whom nothing is known', { customer: {} }, 'items/0/customer'],
    [
      'a cost of goods without a currency',
      { costOfGoods: { amount: '1.00' } },
      'items/0/costOfGoods/currency',
    ],
  ])('refuses %s', (_, change, path) => {
    expect(pathsOf(receiptBatchRequest, [{ ...receipt, ...change }])).toEqual([path]);
  });
});

describe('receiptTotalsRequest', () => {
  it('takes a day without receipts and a loss', () => {
    const [parsed] = receiptTotalsRequest.parse({
      items: [{ ...total, receipts: 0, revenue: euros('0'), profit: euros('-20.50') }],
    }).items;
    expect(parsed).toMatchObject({ receipts: 0, profit: { minor: -2_050n, currency: 'EUR' } });
  });

  it.each([
    ['less than no receipts', { receipts: -1 }, 'items/0/receipts'],
    ['half a receipt', { receipts: 1.5 }, 'items/0/receipts'],
    ['more receipts than a count can hold', { receipts: 2 ** 31 }, 'items/0/receipts'],
    ['negative revenue', { revenue: euros('-1.00') }, 'items/0/revenue/amount'],
    ['a profit that is no amount', { profit: euros('1e3') }, 'items/0/profit/amount'],
    ['a date of the last century', { date: '1999-12-31' }, 'items/0/date'],
    ['a date that does not exist', { date: '2026-02-29' }, 'items/0/date'],
  ])('refuses %s', (_, change, path) => {
    expect(pathsOf(receiptTotalsRequest, [{ ...total, ...change }])).toEqual([path]);
  });

  it('takes the first day of the century', () => {
    expect(pathsOf(receiptTotalsRequest, [{ ...total, date: '2000-01-01' }])).toBeUndefined();
  });

  it('refuses the same channel and date twice, however the channel is spelt', () => {
    const again = { ...total, channelId: CHANNEL.toUpperCase(), receipts: 7 };
    expect(pathsOf(receiptTotalsRequest, [total, { ...total, date: '2026-06-16' }, again])).toEqual([
      'items/2',
    ]);
  });
});

describe('toReceiptBatchResponse', () => {
  it('answers ids, marks replays and carries a problem document for each fault', () => {
    const { results } = toReceiptBatchResponse([
      { kind: 'stored', externalId: 'a', id: CHANNEL, replayed: false },
      { kind: 'stored', externalId: 'b', id: CHANNEL, replayed: true },
      { kind: 'fault', externalId: 'c', error: notFound() },
    ]);
    expect(results).toEqual([
      { externalId: 'a', id: CHANNEL, status: 'stored' },
      { externalId: 'b', id: CHANNEL, status: 'stored', replayed: true },
      { externalId: 'c', error: expect.objectContaining({ status: 404, code: 'not-found' }) },
    ]);
  });
});
