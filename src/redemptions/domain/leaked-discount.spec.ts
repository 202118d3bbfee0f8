import { describe, expect, it } from '@jest/globals';
import type { Verdict } from './judge-redemption.js';
import { leakedDiscount } from './leaked-discount.js';
import { REFUSAL_REASONS, type RefusalReason } from './refusal-reason.js';

const refused = (reason: RefusalReason): Verdict => ({ kind: 'refused', reason });

describe('leakedDiscount', () => {
  it.each(REFUSAL_REASONS.filter((reason) => reason !== 'receipt.already-used'))(
    'is what the till took off for a code that was refused with %s',
    (reason) => {
      expect(leakedDiscount(refused(reason), 500n)).toBe(500n);
    },
  );

  it('is not counted again for a code that was accepted on the same receipt', () => {
    expect(leakedDiscount(refused('receipt.already-used'), 500n)).toBe(0n);
  });

  it('is nothing when the till states no discount', () => {
    expect(leakedDiscount(refused('code.unknown'), null)).toBe(0n);
  });
});
