import { describe, expect, it } from '@jest/globals';
import { renderFigure } from '../../kernel/figure.js';
import { computeAverageOtherReceipt, computeAverageReceipt } from './compute-average-receipt.js';
import { computeCoverage, computePromoRating } from './compute-promo-rating.js';
import { countAllReceipts, countPromoReceipts } from './count-receipts.js';
import { emptyFacts, type ReceiptCounts, type ScopeFacts } from './scope-facts.js';

// Three channels for ten days, 24 of the 30 channel-days counted: 600 receipts of 12,000.00.
// 30 promo receipts of 900.00, of which 24 of 720.00 on the counted days.
const COUNTS: ReceiptCounts = {
  channelDays: 30n,
  coveredChannelDays: 24n,
  allReceipts: 600n,
  allRevenue: 12_000_00n,
  unconvertedDays: 0n,
};
const buildFacts = (
  counts: Partial<ReceiptCounts> = {},
  overrides: Partial<ScopeFacts> = {},
): ScopeFacts => ({
  ...emptyFacts('EUR', 'revenue'),
  promoReceipts: 30n,
  coveredPromoReceipts: 24n,
  coveredPromoRevenue: 720_00n,
  channelRevenues: [{ revenue: 900_00n, costedRevenue: 0n, costOfGoods: 0n, marginRate: null }],
  counts: { ...COUNTS, ...counts },
  ...overrides,
});

describe('computePromoRating', () => {
  it('sets promo receipts against all receipts on the covered channel-days only', () => {
    // 24 / 600 x 100 = 4, and not 30 / 600 x 100 = 5
    const parts = { promoReceipts: '24', allReceipts: '600' };
    expect(renderFigure(computePromoRating(buildFacts()))).toEqual({ value: '4', unit: '%', parts });
  });

  it('without a covered day there is none', () => {
    const facts = buildFacts(
      { coveredChannelDays: 0n, allReceipts: 0n, allRevenue: 0n },
      { coveredPromoReceipts: 0n },
    );
    expect(computePromoRating(facts)).toMatchObject({ undefined: 'no-receipt-totals' });
  });

  it('totals of zero receipts are totals, and still no denominator', () => {
    const facts = buildFacts({ allReceipts: 0n, allRevenue: 0n });
    expect(computePromoRating(facts)).toMatchObject({ undefined: 'no-receipts' });
  });
});

describe('computeCoverage', () => {
  it('is the share of channel-days with a receipt count', () => {
    // 24 / 30 = 0.8
    const parts = { coveredChannelDays: '24', channelDays: '30' };
    expect(renderFigure(computeCoverage(buildFacts()))).toEqual({ value: '0.8', unit: 'ratio', parts });
  });

  it('before the first day there is none', () => {
    expect(computeCoverage(emptyFacts('EUR', 'revenue'))).toMatchObject({ undefined: 'no-channel-days' });
  });
});

describe('countAllReceipts', () => {
  it('says how complete it is', () => {
    const parts = { coveredChannelDays: '24', channelDays: '30' };
    expect(renderFigure(countAllReceipts(buildFacts()))).toEqual({ value: '600', unit: 'count', parts });
    expect(renderFigure(countPromoReceipts(buildFacts()))).toEqual({ value: '30', unit: 'count' });
  });

  it('is unknown, not zero, when nobody counted', () => {
    expect(countAllReceipts(buildFacts({ coveredChannelDays: 0n, allReceipts: 0n }))).toMatchObject({
      undefined: 'no-receipt-totals',
    });
  });
});

describe('computeAverageReceipt', () => {
  it('is the revenue per promo receipt', () => {
    // 900.00 / 30 = 30.00
    const parts = { revenue: '900.00', promoReceipts: '30' };
    expect(renderFigure(computeAverageReceipt(buildFacts()))).toEqual({ value: '30.00', unit: 'EUR', parts });
  });

  it('a campaign without redemptions has none', () => {
    expect(computeAverageReceipt(emptyFacts('EUR', 'revenue'))).toMatchObject({
      undefined: 'no-promo-receipts',
    });
  });
});

describe('computeAverageOtherReceipt', () => {
  it('is what is left on the covered days', () => {
    // (12,000.00 - 720.00) / (600 - 24) = 11,280.00 / 576 = 19.58333…
    const parts = { otherRevenue: '11280.00', otherReceipts: '576' };
    expect(renderFigure(computeAverageOtherReceipt(buildFacts()))).toEqual({
      value: '19.58',
      unit: 'EUR',
      parts,
    });
  });

  it.each([
    ['no-receipt-totals', { coveredChannelDays: 0n }],
    ['no-exchange-rate', { allRevenue: null }],
    ['no-other-receipts', { allReceipts: 24n }],
    ['totals-below-promo', { allReceipts: 23n }],
    ['totals-below-promo', { allRevenue: 719_99n }],
  ])('is undefined %s where the counts say so', (reason, counts: Partial<ReceiptCounts>) => {
    expect(computeAverageOtherReceipt(buildFacts(counts))).toMatchObject({ undefined: reason });
  });
});
