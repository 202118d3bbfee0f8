import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Receipt } from './receipt.js';
import { sumChannelDays } from './sum-channel-days.js';

function aReceipt(overrides: Partial<Receipt>): Receipt {
  return {
    id: '1',
    externalId: 'e1',
    fingerprint: '',
    channelId: 'till',
    number: 'R-1',
    occurredAt: 0,
    day: '2026-06-15',
    total: 0n,
    costOfGoods: null,
    customerId: null,
    ...overrides,
  };
}

const receipts = fc.array(
  fc
    .record({
      channelId: fc.constantFrom('shop', 'till'),
      day: fc.constantFrom('2026-06-14', '2026-06-15', '2026-06-16'),
      total: fc.bigInt(0n, 10n ** 18n),
      costOfGoods: fc.option(fc.bigInt(0n, 10n ** 18n)),
    })
    .map(aReceipt),
);

describe('sumChannelDays', () => {
  it('adds receipts up by channel and day, those with a known cost of goods once more', () => {
    const sums = sumChannelDays([
      aReceipt({ total: 1_000n, costOfGoods: 600n }),
      aReceipt({ total: 250n }),
      aReceipt({ total: 500n, costOfGoods: 0n }),
      aReceipt({ channelId: 'shop', total: 70n }),
    ]);
    expect(sums).toEqual([
      { channelId: 'shop', day: '2026-06-15', receipts: 1, revenue: 70n, costedRevenue: 0n, costOfGoods: 0n },
      // revenue 10.00 + 2.50 + 5.00; of 10.00 and 5.00 the cost is known: 6.00 and nothing.
      {
        channelId: 'till',
        day: '2026-06-15',
        receipts: 3,
        revenue: 1_750n,
        costedRevenue: 1_500n,
        costOfGoods: 600n,
      },
    ]);
  });

  it('loses nothing and adds nothing, whatever the receipts', () => {
    fc.assert(
      fc.property(receipts, (given) => {
        const sums = sumChannelDays(given);
        const add = (values: bigint[]) => values.reduce((sum, value) => sum + value, 0n);
        const costed = given.filter(({ costOfGoods }) => costOfGoods !== null);
        expect(sums.reduce((sum, { receipts: count }) => sum + count, 0)).toBe(given.length);
        expect(add(sums.map(({ revenue }) => revenue))).toBe(add(given.map(({ total }) => total)));
        expect(add(sums.map(({ costedRevenue }) => costedRevenue))).toBe(
          add(costed.map(({ total }) => total)),
        );
        expect(add(sums.map(({ costOfGoods }) => costOfGoods))).toBe(
          add(costed.map((one) => one.costOfGoods ?? 0n)),
        );
      }),
    );
  });

  it('names each channel and day once, in one order, whatever the order of the receipts', () => {
    fc.assert(
      fc.property(receipts, (given) => {
        const sums = sumChannelDays(given);
        const keys = sums.map(({ channelId, day }) => `${channelId}/${day}`);
        expect(keys).toEqual([...new Set(keys)].sort());
        expect(sumChannelDays([...given].reverse())).toEqual(sums);
      }),
    );
  });
});
