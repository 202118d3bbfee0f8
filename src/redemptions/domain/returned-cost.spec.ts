import { describe, expect, it } from '@jest/globals';
import { returnedCost } from './returned-cost.js';

const redemption = { discount: 400n, giftCost: 150n, honouredOverLimit: false };
const part = { redemption, discount: 100n, completes: false, useReturned: false };
const last = { redemption, discount: 300n, completes: true, useReturned: true };
const ALWAYS = { returnUse: 'always', voidMinutes: null } as const;
const VOID = { returnUse: 'void_only', voidMinutes: 5 } as const;
const NEVER = { returnUse: 'never', voidMinutes: null } as const;

describe('what a reversal gives back to the budget', () => {
  it('is its part of the discount at once, and the gift with the last part, where every use comes back', () => {
    expect([part, last].map((one) => returnedCost(one, ALWAYS))).toEqual([100n, 450n]);
  });

  it('is everything with the use where only a void brings it back', () => {
    expect([part, last].map((one) => returnedCost(one, VOID))).toEqual([0n, 550n]);
    expect(returnedCost({ ...last, useReturned: false }, VOID)).toBe(0n);
  });

  it('is nothing where no use comes back', () => {
    expect(returnedCost({ ...last, useReturned: false }, NEVER)).toBe(0n);
  });

  it('is nothing for what was honoured over a limit: it took nothing', () => {
    const honoured = { ...redemption, honouredOverLimit: true };
    expect(returnedCost({ ...last, redemption: honoured, useReturned: false }, ALWAYS)).toBe(0n);
  });
});
