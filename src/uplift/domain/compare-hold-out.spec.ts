import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareHoldOut, incrementalCac, incrementalCustomers, sumArm } from './compare-hold-out.js';

describe('compareHoldOut', () => {
  it('is the two-sample t interval of Welch', () => {
    // R, t.test(extra ~ group, data = sleep), Student's own data: t = -1.8608, df = 17.776, [-3.3654832, 0.2054832]
    const first = sumArm([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]);
    const second = sumArm([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]);
    const outcome = compareHoldOut(first, second);
    if (outcome.kind !== 'measured') throw new Error(outcome.reason);
    expect(outcome.degreesOfFreedom).toBeCloseTo(17.77647, 5);
    expect(outcome.difference.value).toBeCloseTo(-1.58, 10);
    expect(outcome.difference.lower).toBeCloseTo(-3.3654832, 6);
    expect(outcome.difference.upper).toBeCloseTo(0.2054832, 6);
  });

  it.each([
    ['arm-too-small', [1], [1, 2, 3]],
    ['arm-too-small', [1, 2], []],
    ['no-variance', [2.1, 2.1, 2.1], [0.3, 0.3]],
  ])('is undefined %s', (reason, treated: number[], withheld: number[]) => {
    expect(compareHoldOut(sumArm(treated), sumArm(withheld))).toEqual({ kind: 'undefined', reason });
  });

  it('arms changed about change the sign', () => {
    const outcomes = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(outcomes, outcomes, (a, b) => {
        const [there, back] = [compareHoldOut(sumArm(a), sumArm(b)), compareHoldOut(sumArm(b), sumArm(a))];
        if (there.kind !== 'measured' || back.kind !== 'measured') return expect(there).toEqual(back);
        expect(there.difference.value).toBeCloseTo(-back.difference.value, 9);
        expect(there.difference.lower).toBeCloseTo(-back.difference.upper, 9);
        expect(Number.isFinite(there.difference.upper)).toBe(true);
      }),
    );
  });
});

describe('incrementalCac', () => {
  const arm = (customers: number, sum: number) => ({ customers, sum, sumOfSquares: sum });

  it('is the cost per customer who would not have come without the campaign', () => {
    // 900 treated of whom 90 came (10 %), 100 withheld of whom 4 came (4 %): 900 x 6 % = 54 more; 540 / 54 = 10
    expect(incrementalCustomers(arm(900, 90), arm(100, 4))).toBeCloseTo(54, 10);
    expect(incrementalCac(540, arm(900, 90), arm(100, 4))).toBeCloseTo(10, 10);
  });

  it('there is none when as many come without', () => {
    expect(incrementalCac(540, arm(900, 36), arm(100, 4))).toBeNull();
    expect(incrementalCac(540, arm(900, 9), arm(100, 4))).toBeNull();
    expect(incrementalCac(540, arm(0, 0), arm(100, 4))).toBeNull();
    expect(incrementalCac(540, arm(900, 9), arm(0, 0))).toBeNull();
  });
});
