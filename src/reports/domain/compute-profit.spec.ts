import { describe, expect, it } from '@jest/globals';
import { renderFigure } from '../../kernel/figure.js';
import { ratio } from '../../kernel/ratio.js';
import type { CampaignUplift } from '../../uplift/domain/measure-campaign.js';
import { computeIncome } from './compute-income.js';
import { computeProfit } from './compute-profit.js';
import { computeRoi } from './compute-roi.js';
import { readIncrementalProfit } from './incremental-profit.js';
import {
  type IncrementalProfit,
  type ProfitDay,
  type ProfitWindow,
  sumProfitWindow,
} from './profit-facts.js';
import { emptyFacts, type ScopeFacts } from './scope-facts.js';

// 30 days, 54,000.00 of receipts at 20 %: 10,800.00 of margin; the campaign cost 450.00 of it.
const DURING: ProfitWindow = { days: 30n, margin: ratio(10_800_00n, 1n), cost: 450_00n };
const EMPTY: ProfitWindow = { days: 0n, margin: ratio(0n, 1n), cost: 0n };
const MEASURED: IncrementalProfit = { value: 900_00n, lower: 200_00n, upper: 1_600_00n };

const buildFacts = (
  during: ProfitWindow = DURING,
  incremental: IncrementalProfit = MEASURED,
): ScopeFacts => ({
  ...emptyFacts('EUR', 'incremental_profit'),
  costEntries: 450_00n,
  profit: { windows: { before: EMPTY, during, after: EMPTY }, incremental },
});

describe('computeProfit', () => {
  it('is the margin of all receipts less the cost of the campaign, per counted day', () => {
    // (10,800.00 - 450.00) / 30 = 345.00
    expect(renderFigure(computeProfit(buildFacts(), 'during'))).toEqual({
      ...{ value: '345.00', unit: 'EUR' },
      parts: { margin: '10800.00', cost: '450.00', days: '30' },
    });
  });

  it.each([
    ['no-receipt-totals', EMPTY],
    ['no-margin-data', { ...DURING, margin: null }],
  ])('is undefined %s', (reason, during: ProfitWindow) => {
    expect(computeProfit(buildFacts(during), 'during')).toMatchObject({ undefined: reason });
  });

  it('is not told of a part of a campaign, nor to who does not own the receipts', () => {
    expect(computeProfit(emptyFacts('EUR', 'revenue'), 'before')).toEqual({
      undefined: 'profit-not-allocated',
    });
    const hidden = { windows: { undefined: 'not-shared' as const }, incremental: MEASURED };
    expect(computeProfit({ ...buildFacts(), profit: hidden }, 'before')).toEqual({ undefined: 'not-shared' });
  });
});

describe('sumProfitWindow', () => {
  const day = (date: string, channelId: string, totalRevenue: bigint | null): ProfitDay => ({
    ...{ channelId, day: date, totalRevenue, totalReceipts: totalRevenue === null ? null : 10n },
    ...{
      singleReceipts: 0n,
      singleRevenue: 0n,
      singleCostedRevenue: 0n,
      singleCostOfGoods: 0n,
      totalProfit: null,
    },
  });
  const rates = new Map([['a', ratio(1n, 5n)]]);
  const june = { from: '2026-06-01', to: '2026-07-01' };

  it('counts each day once, however many channels, and only those of the window', () => {
    const days = [
      day('2026-05-31', 'a', 100_00n),
      day('2026-06-01', 'a', 100_00n),
      day('2026-06-01', 'a', 50_00n),
      day('2026-06-02', 'a', null),
      day('2026-07-01', 'a', 100_00n),
    ];
    expect(sumProfitWindow(days, rates, june, 7n)).toEqual({ days: 1n, margin: ratio(30_00n, 1n), cost: 7n });
  });

  it('one channel without a rate leaves the margin unknown', () => {
    const days = [day('2026-06-01', 'a', 100_00n), day('2026-06-01', 'b', 1n)];
    expect(sumProfitWindow(days, rates, june, 0n).margin).toBeNull();
  });
});

describe('income by incremental profit', () => {
  it('is the uplift of profit, its interval beside it, and gives an ROI', () => {
    expect(renderFigure(computeIncome(buildFacts()))).toEqual({
      ...{ value: '900.00', unit: 'EUR', parts: { lower: '200.00', upper: '1600.00' } },
    });
    // 900.00 / 450.00 = 2
    expect(computeRoi(buildFacts())).toMatchObject({ value: ratio(2n, 1n), verdict: 'paid_off' });
  });

  it('has the reason of the gate that failed', () => {
    const facts = buildFacts(DURING, { undefined: 'gate-pre-period' });
    expect(computeRoi(facts)).toMatchObject({ undefined: 'gate-pre-period', basis: 'incremental_profit' });
  });
});

describe('readIncrementalProfit', () => {
  const uplift = (verdict: string, because: string[]): CampaignUplift =>
    ({
      reason: null,
      measurement: {
        judgement: { verdict, because },
        counterfactual: { kind: 'estimated', effect: { value: 12.345, lower: -1, upper: 25.5 } },
      },
    }) as unknown as CampaignUplift;

  it('takes the effect whether or not it is beyond doubt, once the gates have passed', () => {
    expect(readIncrementalProfit(uplift('inconclusive', ['counterfactual-holds-zero']), 'EUR')).toEqual({
      ...{ value: 1235n, lower: -100n, upper: 2550n },
    });
  });

  it.each([
    ['gate-placebo', uplift('not-measured', ['gate-placebo', 'gate-fit'])],
    ['no-margin-data', { measurement: null, reason: 'no-margin-data' } as CampaignUplift],
    ['not-measured', { measurement: null, reason: 'no-redemptions' } as CampaignUplift],
  ])('is undefined %s', (reason, measured) => {
    expect(readIncrementalProfit(measured, 'EUR')).toEqual({ undefined: reason });
  });
});
