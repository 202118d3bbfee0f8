import { describe, expect, it } from '@jest/globals';
import { returnsUse } from './returns-use.js';

const MINUTE = 60_000;
const soon = { redeemedAt: 0, reversedAt: 10 * MINUTE, honouredOverLimit: false };
const late = { ...soon, reversedAt: 10 * MINUTE + 1 };

describe('a full reversal', () => {
  it('gives the use back when the campaign always does', () => {
    expect(returnsUse(late, { returnUse: 'always', voidMinutes: null })).toBe(true);
  });

  it('keeps the use when the campaign never gives it back', () => {
    expect(returnsUse(soon, { returnUse: 'never', voidMinutes: null })).toBe(false);
  });

  it('gives the use back for a void, not for a later return', () => {
    const policy = { returnUse: 'void_only', voidMinutes: 10 } as const;
    expect([returnsUse(soon, policy), returnsUse(late, policy)]).toEqual([true, false]);
  });

  it('returns nothing for a sale that was honoured over the limit, since it took no use', () => {
    expect(returnsUse({ ...soon, honouredOverLimit: true }, { returnUse: 'always', voidMinutes: null })).toBe(
      false,
    );
  });
});
