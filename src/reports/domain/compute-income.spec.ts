import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderFigure } from '../../kernel/figure.js';
import { ratio } from '../../kernel/ratio.js';
import { computeIncome, computeMargin, computeRevenue } from './compute-income.js';
import { type ChannelRevenue, emptyFacts, type ScopeFacts } from './scope-facts.js';

const at = (...channelRevenues: ChannelRevenue[]): ScopeFacts => ({
  ...emptyFacts('EUR', 'margin'),
  channelRevenues,
});
const FIFTH = ratio(1n, 5n);

describe('computeRevenue', () => {
  it('adds up the channels', () => {
    const one = { revenue: 10_00n, costedRevenue: 0n, costOfGoods: 0n, marginRate: null };
    expect(renderFigure(computeRevenue(at(one, { ...one, revenue: 5_50n })))).toEqual({
      value: '15.50',
      unit: 'EUR',
    });
  });
});

describe('computeMargin', () => {
  it('takes the posted cost of goods where there is one and the rate of the channel for the rest', () => {
    // (100.00 - 60.00) x 20 % + (60.00 - 45.00) = 8.00 + 15.00 = 23.00; at the other channel 30.00 x 50 % = 15.00
    const margin = computeMargin(
      at(
        { revenue: 100_00n, costedRevenue: 60_00n, costOfGoods: 45_00n, marginRate: FIFTH },
        { revenue: 30_00n, costedRevenue: 0n, costOfGoods: 0n, marginRate: ratio(1n, 2n) },
      ),
    );
    expect(renderFigure(margin)).toEqual({
      value: '38.00',
      unit: 'EUR',
      parts: { revenue: '130.00', costedRevenue: '60.00', costOfGoods: '45.00' },
    });
  });

  it('needs no rate where all goods are costed, and may be a loss', () => {
    const margin = computeMargin(
      at({ revenue: 10_00n, costedRevenue: 10_00n, costOfGoods: 12_00n, marginRate: null }),
    );
    expect(renderFigure(margin)).toMatchObject({ value: '-2.00' });
  });

  it('is unknown as soon as some revenue has neither, and says how much', () => {
    const margin = computeMargin(
      at(
        { revenue: 30_00n, costedRevenue: 0n, costOfGoods: 0n, marginRate: FIFTH },
        { revenue: 10_00n, costedRevenue: 4_00n, costOfGoods: 1_00n, marginRate: null },
      ),
    );
    expect(renderFigure(margin)).toMatchObject({
      undefined: 'no-margin-data',
      parts: { unratedRevenue: '6.00' },
    });
  });

  it('a rate of zero is a rate', () => {
    const margin = computeMargin(
      at({ revenue: 10_00n, costedRevenue: 0n, costOfGoods: 0n, marginRate: ratio(0n, 1n) }),
    );
    expect(renderFigure(margin)).toMatchObject({ value: '0.00' });
  });

  it('keeps fractions of a cent, so that many small margins are not rounded away', () => {
    // 0.01 x 1/3 is no whole number of cents, three of them are one cent
    const third = { revenue: 1n, costedRevenue: 0n, costOfGoods: 0n, marginRate: ratio(1n, 3n) };
    expect(renderFigure(computeMargin(at(third, third, third)))).toMatchObject({ value: '0.01' });
  });

  it('is never more than the revenue where a rate is used', () => {
    const money = fc.bigInt({ min: 0n, max: 10n ** 12n });
    fc.assert(
      fc.property(money, fc.bigInt({ min: 0n, max: 1_000_000n }), (revenue, millionths) => {
        const margin = computeMargin(
          at({ revenue, costedRevenue: 0n, costOfGoods: 0n, marginRate: ratio(millionths, 1_000_000n) }),
        );
        expect(margin).toMatchObject({ value: ratio(revenue * millionths, 100_000_000n) });
      }),
    );
  });
});

describe('computeIncome', () => {
  const part = { revenue: 10_00n, costedRevenue: 0n, costOfGoods: 0n, marginRate: FIFTH };

  it('is what the basis says', () => {
    expect(computeIncome({ ...at(part), incomeBasis: 'revenue' })).toEqual(computeRevenue(at(part)));
    expect(computeIncome({ ...at(part), incomeBasis: 'margin' })).toEqual(computeMargin(at(part)));
  });

  it('an incremental profit is unknown as long as no uplift is measured', () => {
    expect(computeIncome({ ...at(part), incomeBasis: 'incremental_profit' })).toEqual({
      undefined: 'not-measured',
    });
  });
});
