import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyReversals, type RedemptionToReverse, type WaitingReversal } from './apply-reversals.js';

const MINUTE = 60_000;
const ALWAYS = { returnUse: 'always', voidMinutes: null } as const;
const VOID_WITHIN_10 = { returnUse: 'void_only', voidMinutes: 10 } as const;

/** 40.00 less 4.00, nothing reversed. */
const bought: RedemptionToReverse = {
  ...{ net: 3_600n, discount: 400n, reversedNet: 0n, isComplete: false },
  ...{ redeemedAt: 0, lastReversedAt: null, honouredOverLimit: false },
};
const back = (reversalId: string, amount: bigint | null, minute = 1): WaitingReversal => ({
  reversalId,
  amount,
  occurredAt: minute * MINUTE,
});
const usesReturned = (parts: readonly { useReturned: boolean }[]) => parts.map((part) => part.useReturned);

describe('reversals of one redemption', () => {
  it('give the use back with the one that completes, not before and not after', () => {
    const parts = applyReversals(bought, [back('a', 900n), back('b', 2_700n), back('c', 100n)], ALWAYS);
    expect(usesReturned(parts)).toEqual([false, true, false]);
    expect(parts.map((part) => part.net)).toEqual([900n, 2_700n, 0n]);
  });

  it('go on from what was reversed before', () => {
    const earlier = { ...bought, reversedNet: 3_000n, lastReversedAt: 0 };
    expect(applyReversals(earlier, [back('a', null)], ALWAYS)).toMatchObject([
      { net: 600n, discount: 67n, completes: true, useReturned: true },
    ]);
  });

  it('are a void only while the latest of them comes in time, in whatever order they are applied', () => {
    const [soon, late] = [back('soon', 900n, 5), back('late', 2_700n, 11)];
    expect(usesReturned(applyReversals(bought, [soon, late], VOID_WITHIN_10))).toEqual([false, false]);
    expect(usesReturned(applyReversals(bought, [late, soon], VOID_WITHIN_10))).toEqual([false, false]);
    const afterLate = { ...bought, reversedNet: 2_700n, lastReversedAt: 11 * MINUTE };
    expect(usesReturned(applyReversals(afterLate, [soon], VOID_WITHIN_10))).toEqual([false]);
    const inTime = [soon, { ...late, occurredAt: 10 * MINUTE }];
    expect(usesReturned(applyReversals(bought, inTime, VOID_WITHIN_10))).toEqual([false, true]);
  });

  it('undo the same one at a time as all at once', () => {
    const waiting = fc.array(
      fc.record({ amount: fc.option(fc.bigInt(1n, 2_000n), { freq: 5 }), minute: fc.nat({ max: 20 }) }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(waiting, (given) => {
        const reversals = given.map(({ amount, minute }, index) => back(`${index}`, amount, minute));
        let state = bought;
        const oneByOne = reversals.flatMap((reversal) => {
          const [part] = applyReversals(state, [reversal], VOID_WITHIN_10);
          state = {
            ...state,
            reversedNet: state.reversedNet + (part?.net ?? 0n),
            isComplete: state.isComplete || part?.completes === true,
            lastReversedAt: Math.max(reversal.occurredAt, state.lastReversedAt ?? 0),
          };
          return part ?? [];
        });
        expect(applyReversals(bought, reversals, VOID_WITHIN_10)).toEqual(oneByOne);
      }),
    );
  });
});
