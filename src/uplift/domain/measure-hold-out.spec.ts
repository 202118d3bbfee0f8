import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ArmOutcomes, FEWEST_CUSTOMERS, measureHoldOut, NO_OUTCOMES } from './measure-hold-out.js';

/** `converted` of the customers spent 20 each. */
function arm(customers: number, converted: number, fields: Partial<ArmOutcomes> = {}): ArmOutcomes {
  const spent = { revenue: converted * 20, squaredRevenue: converted * 400 };
  return { customers, converted, ...spent, unconverted: 0, ...fields };
}

const measure = (treated: ArmOutcomes, heldOut: ArmOutcomes, cost = 360) =>
  measureHoldOut({ hasHoldOut: true, treated, heldOut }, { value: cost });

describe('measureHoldOut', () => {
  it('compares rates and spending by hand: 900 treated of whom 180 bought, 100 held out of whom 10 did', () => {
    const found = measure(arm(900, 180), arm(100, 10));
    if ('undefined' in found) throw new Error(found.undefined);
    // Rates 20 % and 10 %; variances 0.16 * 900/899 / 900 and 0.09 * 100/99 / 100; Welch: 140.96 degrees of freedom, t = 1.97694.
    expect(found.conversion).toMatchObject({ value: expect.closeTo(0.1, 12) });
    const margin = 1.97694 * Math.sqrt(0.16 / 899 + 0.09 / 99);
    if ('undefined' in found.conversion) throw new Error('the rates differ');
    expect(found.conversion.lower).toBeCloseTo(0.1 - margin, 6);
    expect(found.conversion.upper).toBeCloseTo(0.1 + margin, 6);
    // All that differs is whether 20.00 were spent, so the interval is 20 times that of the rates.
    expect(found.revenue).toMatchObject({
      value: expect.closeTo(2, 12),
      lower: expect.closeTo(20 * (0.1 - margin), 5),
      upper: expect.closeTo(20 * (0.1 + margin), 5),
    });
    // 900 x 10 % = 90 customers for 360.
    expect(found.incrementalCustomers).toBeCloseTo(90, 9);
    expect(found.incrementalCac).toEqual({ value: expect.closeTo(4, 9) });
  });

  it('says why there is nothing to compare', () => {
    const none = { hasHoldOut: false, treated: NO_OUTCOMES, heldOut: NO_OUTCOMES };
    expect(measureHoldOut(none, { value: 1 })).toEqual({ undefined: 'no-hold-out' });
    const few = arm(FEWEST_CUSTOMERS - 1, 3);
    expect(measure(arm(1_000, 100), few)).toEqual({ undefined: 'too-few-customers' });
    expect(measure(few, arm(1_000, 100))).toEqual({ undefined: 'too-few-customers' });
  });

  it('has no cost per customer where no more came than came anyway', () => {
    for (const converted of [10, 9]) {
      const found = measure(arm(100, converted), arm(100, 10));
      expect(found).toMatchObject({ incrementalCac: { undefined: 'no-incremental-customers' } });
    }
  });

  it('has no interval where nobody or everybody bought, and none of amounts that it cannot add up', () => {
    expect(measure(arm(100, 0), arm(50, 0))).toMatchObject({
      conversion: { undefined: 'no-variance' },
      revenue: { undefined: 'no-variance' },
    });
    expect(measure(arm(100, 20), arm(50, 5, { unconverted: 1 }))).toMatchObject({
      conversion: { value: expect.closeTo(0.1, 12) },
      revenue: { undefined: 'currency-not-converted' },
    });
  });

  it('passes on why the cost is not known', () => {
    const outcomes = { hasHoldOut: true, treated: arm(100, 20), heldOut: arm(100, 10) };
    expect(measureHoldOut(outcomes, { undefined: 'cost-not-allocated' })).toMatchObject({
      incrementalCac: { undefined: 'cost-not-allocated' },
    });
  });

  it('never gives a number that is none', () => {
    const outcomes = fc
      .tuple(fc.integer({ min: 0, max: 5_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([customers, rate]) => arm(customers, Math.floor(customers * rate)));
    fc.assert(
      fc.property(outcomes, outcomes, (treated, heldOut) => {
        const numbers = JSON.stringify(measure(treated, heldOut));
        // JSON writes NaN and Infinity as null.
        expect(numbers).not.toContain('null');
      }),
    );
  });
});
