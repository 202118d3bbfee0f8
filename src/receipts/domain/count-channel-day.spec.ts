import { describe, expect, it } from '@jest/globals';
import { ratio } from '../../kernel/ratio.js';
import { channelDayProfit, type ChannelDayProfitSums, countChannelDay } from './count-channel-day.js';

const buildDay = (overrides: Partial<ChannelDayProfitSums> = {}): ChannelDayProfitSums => ({
  singleReceipts: 0n,
  singleRevenue: 0n,
  singleCostedRevenue: 0n,
  singleCostOfGoods: 0n,
  totalReceipts: null,
  totalRevenue: null,
  totalProfit: null,
  ...overrides,
});
const TOTAL = { totalReceipts: 40n, totalRevenue: 800_00n };
const SINGLE = { singleReceipts: 2n, singleRevenue: 50_00n };
const FIFTH = ratio(1n, 5n);

describe('countChannelDay', () => {
  it('takes single receipts before a total, never both, and nothing from nothing', () => {
    expect(countChannelDay(buildDay(TOTAL))).toEqual({ receipts: 40n, revenue: 800_00n });
    expect(countChannelDay(buildDay({ ...TOTAL, ...SINGLE }))).toEqual({ receipts: 2n, revenue: 50_00n });
    expect(countChannelDay(buildDay())).toBeNull();
    expect(countChannelDay(buildDay({ totalReceipts: 0n, totalRevenue: 0n }))?.receipts).toBe(0n);
  });
});

describe('channelDayProfit', () => {
  it.each([
    ['the profit that was put', { ...TOTAL, totalProfit: -5_00n }, ratio(-5_00n, 1n)],
    // 800.00 x 1/5
    ['a total at the margin rate', TOTAL, ratio(160_00n, 1n)],
    // (30.00 - 21.00) + 20.00 x 1/5 = 13.00
    [
      'costs where posted, the rate for the rest',
      { ...SINGLE, singleCostedRevenue: 30_00n, singleCostOfGoods: 21_00n },
      ratio(13_00n, 1n),
    ],
    // The profit of the total is about other receipts than those that count.
    ['single receipts before the total', { ...TOTAL, ...SINGLE, totalProfit: 300_00n }, ratio(10_00n, 1n)],
    ['nothing without a count', {}, null],
  ])('is %s', (_, overrides, expected) => {
    expect(channelDayProfit(buildDay(overrides), FIFTH)).toEqual(expected);
  });

  it('is unknown where a part has neither a cost nor a rate', () => {
    expect(channelDayProfit(buildDay(TOTAL), null)).toBeNull();
    expect(channelDayProfit(buildDay({ ...SINGLE, singleCostedRevenue: 30_00n }), null)).toBeNull();
    const costed = { ...SINGLE, singleCostedRevenue: 50_00n, singleCostOfGoods: 20_00n };
    expect(channelDayProfit(buildDay(costed), null)).toEqual(ratio(30_00n, 1n));
  });
});
