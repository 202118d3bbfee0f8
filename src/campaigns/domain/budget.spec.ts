import { describe, expect, it } from '@jest/globals';
import { fromBudgetJson, toBudgetJson } from './budget.js';

describe('a budget as JSON', () => {
  const budget = {
    total: { amount: { minor: 123_450n, currency: 'EUR' }, redemptions: null },
    perOffer: null,
    perChannel: { amount: null, redemptions: 40 },
    perDay: { amount: { minor: 999_999_999_999_999n, currency: 'EUR' }, redemptions: 7 },
  };

  it('names only what is capped', () => {
    expect(toBudgetJson(budget)).toEqual({
      total: { amount: { amount: '1234.50', currency: 'EUR' } },
      perChannel: { redemptions: 40 },
      perDay: { amount: { amount: '9999999999999.99', currency: 'EUR' }, redemptions: 7 },
    });
  });

  it('reads back as it was', () => {
    expect(fromBudgetJson(toBudgetJson(budget))).toEqual(budget);
  });
});
