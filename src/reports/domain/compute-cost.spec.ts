import { describe, expect, it } from '@jest/globals';
import { renderFigure } from '../../kernel/figure.js';
import { computeCac, computeCostPerReturning } from './compute-cac.js';
import { computeCost, computeDiscountGiven, computeLeakage } from './compute-cost.js';
import { emptyFacts, type ScopeFacts } from './scope-facts.js';

// 180.00 + 45.00 of entries, 225.00 of discounts, 6 gifts of 2.50: 225.00 + 225.00 + 15.00 = 465.00
const FACTS: ScopeFacts = {
  ...emptyFacts('EUR', 'revenue'),
  costEntries: 225_00n,
  discount: 225_00n,
  giftCost: 15_00n,
};

describe('computeCost', () => {
  it('is what was spent, what was let off and what was given away', () => {
    expect(renderFigure(computeCost(FACTS))).toEqual({
      value: '465.00',
      unit: 'EUR',
      parts: { costEntries: '225.00', discountGiven: '225.00', giftCost: '15.00' },
    });
    expect(renderFigure(computeDiscountGiven(FACTS))).toEqual({ value: '225.00', unit: 'EUR' });
  });

  it('of a part of a campaign is unknown while entries belong to the whole, but its own parts are told', () => {
    expect(renderFigure(computeCost({ ...FACTS, costEntries: null }))).toEqual({
      undefined: 'cost-not-allocated',
      parts: { discountGiven: '225.00', giftCost: '15.00' },
    });
  });

  it('does not contain what tills gave on refused codes', () => {
    const leaky = { ...FACTS, leakage: 40_00n, offlineLeakage: 30_00n };
    expect(renderFigure(computeLeakage(leaky))).toEqual({
      value: '40.00',
      unit: 'EUR',
      parts: { offline: '30.00' },
    });
    expect(computeCost(leaky)).toEqual(computeCost(FACTS));
    expect(computeDiscountGiven(leaky)).toEqual(computeDiscountGiven(FACTS));
  });

  it('yen have no decimals', () => {
    expect(renderFigure(computeCost({ ...FACTS, currency: 'JPY' }))).toMatchObject({
      value: '46500',
      unit: 'JPY',
    });
  });
});

describe('computeCac', () => {
  it('shares the cost among the new customers', () => {
    // 465.00 / 18 = 25.8333…
    const parts = { cost: '465.00', newCustomers: '18' };
    expect(renderFigure(computeCac({ ...FACTS, newCustomers: 18n }))).toEqual({
      value: '25.83',
      unit: 'EUR',
      parts,
    });
  });

  it('a campaign without redemptions has no CAC', () => {
    expect(renderFigure(computeCac(FACTS))).toEqual({
      undefined: 'no-new-customers',
      parts: { cost: '465.00', newCustomers: '0' },
    });
  });

  it('new customers that cost nothing cost 0.00', () => {
    expect(renderFigure(computeCac({ ...emptyFacts('EUR', 'revenue'), newCustomers: 2n }))).toMatchObject({
      value: '0.00',
    });
  });

  it('is unknown where the cost is', () => {
    expect(computeCac({ ...FACTS, costEntries: null, newCustomers: 18n })).toMatchObject({
      undefined: 'cost-not-allocated',
    });
  });
});

describe('computeCostPerReturning', () => {
  it('counts only those who had been absent', () => {
    // 465.00 / 5 = 93.00
    const facts = { ...FACTS, returningCustomers: 20n, returningAfterAbsence: 5n };
    expect(renderFigure(computeCostPerReturning(facts))).toMatchObject({
      value: '93.00',
      parts: { returningAfterAbsence: '5' },
    });
    expect(computeCostPerReturning({ ...facts, returningAfterAbsence: 0n })).toMatchObject({
      undefined: 'no-returning-customers',
    });
  });
});
