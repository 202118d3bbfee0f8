import { describe, expect, it } from '@jest/globals';
import { renderFigure } from '../../kernel/figure.js';
import { computeRoi, computeRoiPercent } from './compute-roi.js';
import { type ChannelRevenue, emptyFacts, type ScopeFacts } from './scope-facts.js';

const buildFacts = (income: bigint, cost: bigint, overrides: Partial<ScopeFacts> = {}): ScopeFacts => ({
  ...emptyFacts('EUR', 'revenue'),
  channelRevenues: [withoutMarginData(income)],
  costEntries: cost,
  ...overrides,
});
const withoutMarginData = (revenue: bigint): ChannelRevenue => ({
  revenue,
  costedRevenue: 0n,
  costOfGoods: 0n,
  marginRate: null,
});

describe('computeRoi', () => {
  it.each([
    [99_99n, '0.9999', 'failed'],
    [100_00n, '1', 'failed'],
    [100_01n, '1.0001', 'paid_off'],
    [0n, '0', 'failed'],
  ])('an income of %d cents for 100.00 is an ROI of %s: %s', (income, value, verdict) => {
    const roi = computeRoi(buildFacts(income, 100_00n));
    expect(renderFigure(roi)).toMatchObject({ value, unit: 'ratio' });
    expect(roi.verdict).toBe(verdict);
  });

  it('the verdict looks at the exact ratio, not at the rounded one', () => {
    // 10,000,000,000.01 / 10,000,000,000.00 is above 1 and reads as 1.
    const roi = computeRoi(buildFacts(1_000_000_000_001n, 1_000_000_000_000n));
    expect(renderFigure(roi)).toMatchObject({ value: '1' });
    expect(roi.verdict).toBe('paid_off');
  });

  it('a campaign that cost nothing has no ROI, and no verdict', () => {
    const roi = computeRoi(buildFacts(500_00n, 0n));
    expect(roi).toStrictEqual({
      undefined: 'no-cost',
      basis: 'revenue',
      parts: roi.parts,
    });
    expect(renderFigure(roi).parts).toEqual({ income: '500.00', cost: '0.00' });
  });

  it('without margin data there is no ROI by margin', () => {
    const roi = computeRoi(buildFacts(500_00n, 100_00n, { incomeBasis: 'margin' }));
    expect(roi).toMatchObject({ undefined: 'no-margin-data', basis: 'margin' });
    expect(renderFigure(roi).parts).toMatchObject({ unratedRevenue: '500.00', cost: '100.00' });
  });

  it('by incremental profit there is none until an uplift is measured', () => {
    expect(computeRoi(buildFacts(500_00n, 100_00n, { incomeBasis: 'incremental_profit' }))).toMatchObject({
      undefined: 'not-measured',
      basis: 'incremental_profit',
    });
  });

  it('a part of a campaign has none while cost entries belong to the whole', () => {
    const part = buildFacts(500_00n, 0n, { costEntries: null, discount: 50_00n, giftCost: 3_00n });
    expect(computeRoi(part)).toMatchObject({ undefined: 'cost-not-allocated' });
    expect(renderFigure(computeRoi(part)).parts).toEqual({
      income: '500.00',
      discountGiven: '50.00',
      giftCost: '3.00',
    });
  });
});

describe('computeRoiPercent', () => {
  it('is what is left of the income per cost', () => {
    // (150.00 - 120.00) / 120.00 x 100 = 25
    expect(renderFigure(computeRoiPercent(buildFacts(150_00n, 120_00n)))).toMatchObject({
      value: '25',
      unit: '%',
    });
  });
});
