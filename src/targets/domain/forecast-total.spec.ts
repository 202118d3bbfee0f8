import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from '../../kernel/period.js';
import { compareRatio, multiplyRatio, ratio } from '../../kernel/ratio.js';
import { type Course, type Forecast, forecastTotal } from './forecast-total.js';
import { ceilRoot } from './integer-root.js';

/** Days from Monday, 1 June 2026 on: so many are over with these values, and so many are to come. */
const course = (values: readonly bigint[], toCome: number, overrides: Partial<Course> = {}): Course => ({
  complete: values.map((value, index) => ({ day: addDays('2026-06-01', index), value })),
  actual: values.reduce((sum, value) => sum + value, 0n),
  remaining: Array.from({ length: toCome }, (_, index) => addDays('2026-06-01', values.length + index)),
  isCount: true,
  ...overrides,
});
const made = (forecast: Forecast) => {
  if (forecast.kind === 'none') throw new Error(`no forecast: ${forecast.reason}`);
  return forecast;
};
const days = (count: number, value: bigint): bigint[] => Array<bigint>(count).fill(value);

describe('ceilRoot', () => {
  it('is the smallest number whose square is enough', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 40n), (n) => {
        const root = ceilRoot(n);
        expect(root * root >= n).toBe(true);
        expect(root === 0n || (root - 1n) * (root - 1n) < n).toBe(true);
      }),
    );
    expect(() => ceilRoot(-1n)).toThrow(RangeError);
  });
});

describe('forecastTotal', () => {
  it('carries the mean of the first week on', () => {
    // 7 days of 10, 10 to come. phi = 1; variance 10 x 10 + 100 x 10 / 7 = 242.86; t(6) = 2.447: 2.447 x 15.58 = 38.13
    expect(forecastTotal(course(days(7, 10n), 10))).toEqual({
      ...{ kind: 'forecast', value: ratio(170n, 1n), low: 131n, high: 209n },
    });
  });

  it('from two weeks on expects of each weekday what its weekdays were like', () => {
    // Saturday and Sunday 30, other days 4: a week is 80. Two weeks, then Monday to Saturday: 160 + 5 x 4 + 30
    const week = [4n, 4n, 4n, 4n, 4n, 30n, 30n];
    expect(made(forecastTotal(course([...week, ...week], 6))).value).toEqual(ratio(210n, 1n));
  });

  it('is wider the more the days differ', () => {
    const width = (values: bigint[]) => {
      const { low, high } = made(forecastTotal(course(values, 30)));
      return high - low;
    };
    // both have a mean of 10
    expect(width([10n, 10n, 10n, 10n, 10n, 10n, 10n])).toBeLessThan(width([0n, 20n, 0n, 20n, 0n, 20n, 10n]));
  });

  it('counts today among the days to come, and what it brought already as the least', () => {
    // a mean of 1 for one day to come, but 50 came today already: 57 is sure
    const { value, low } = made(forecastTotal(course(days(7, 1n), 1, { actual: 57n })));
    expect([value, low]).toEqual([ratio(57n, 1n), 57n]);
  });

  it('at the end is what was counted, for sure', () => {
    expect(forecastTotal(course([5n, 0n, 7n], 0))).toEqual({
      ...{ kind: 'forecast', value: ratio(12n, 1n), low: 12n, high: 12n },
    });
  });

  it.each([
    ['too-early', course(days(6, 10n), 10)],
    ['nothing-yet', course(days(10, 0n), 10)],
    ['too-early', course([], 10)],
  ])('is %s', (reason, given) => {
    expect(forecastTotal(given)).toEqual({ kind: 'none', reason });
  });
});

describe('any forecast', () => {
  const values = fc
    .array(fc.bigInt(0n, 60n), { minLength: 7, maxLength: 40 })
    .filter((list) => list.some((value) => value > 0n));
  const toCome = fc.integer({ min: 1, max: 40 });

  it('lies in its interval, and neither is below what was counted', () => {
    fc.assert(
      fc.property(values, toCome, fc.bigInt(0n, 90n), (list, rest, today) => {
        const given = course(list, rest);
        const { value, low, high } = made(forecastTotal({ ...given, actual: given.actual + today }));
        expect(compareRatio(ratio(low, 1n), value)).toBeLessThanOrEqual(0);
        expect(compareRatio(value, ratio(high, 1n))).toBeLessThanOrEqual(0);
        expect(low >= given.actual + today).toBe(true);
      }),
    );
  });

  it('does not depend on the order of the days', () => {
    fc.assert(
      fc.property(values, toCome, (list, rest) => {
        const given = course(list, rest);
        const reversed = {
          ...given,
          complete: [...given.complete].reverse(),
          remaining: [...given.remaining].reverse(),
        };
        expect(forecastTotal(reversed)).toEqual(forecastTotal(given));
      }),
    );
  });

  it('of money is the same in cents and in euros, but for the rounding outwards', () => {
    fc.assert(
      fc.property(values, toCome, (list, rest) => {
        const euros = made(forecastTotal(course(list, rest, { isCount: false })));
        const cents = made(
          forecastTotal(
            course(
              list.map((value) => value * 100n),
              rest,
              { isCount: false },
            ),
          ),
        );
        expect(cents.value).toEqual(multiplyRatio(euros.value, ratio(100n, 1n)));
        expect(cents.high <= euros.high * 100n && cents.low >= euros.low * 100n).toBe(true);
        expect(cents.high > (euros.high - 2n) * 100n).toBe(true);
      }),
    );
  });

  it('of the same number every day is that number for all days', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 1_000n), fc.integer({ min: 7, max: 60 }), toCome, (value, past, rest) => {
        const forecast = made(forecastTotal(course(days(past, value), rest)));
        expect(forecast.value).toEqual(ratio(value * BigInt(past + rest), 1n));
      }),
    );
  });
});

describe('the interval', () => {
  /** Numbers from 0 to 1, the same in every run. (Park and Miller, minimal standard) */
  function* uniform(seed: number): Generator<number, never> {
    for (let state = seed; ;) {
      state = (state * 48_271) % 2_147_483_647;
      yield state / 2_147_483_647;
    }
  }
  /** Knuth: as many factors as stay above e^-mean. */
  const poisson = (mean: number, random: Generator<number, never>): bigint => {
    let count = -1n;
    for (let product = 1; product > Math.exp(-mean); product *= random.next().value) count += 1n;
    return count;
  };

  it.each([
    { name: 'by chance alone', past: 21, rest: 9, mean: () => 8 },
    { name: 'with busy weekends', past: 28, rest: 28, mean: (day: number) => (day % 7 > 4 ? 20 : 5) },
    { name: 'after one week', past: 7, rest: 23, mean: () => 6 },
    // Each day has a luck of its own (bad weather): more noise than chance makes.
    {
      name: 'with days of their own luck',
      past: 21,
      rest: 14,
      mean: (_: number, luck: number) => 4 + 16 * luck,
    },
  ])('holds the end in about 95 of 100 campaigns, $name', ({ past, rest, mean }) => {
    const random = uniform(20_260_601);
    const runs = 200;
    let held = 0;
    for (let run = 0; run < runs; run += 1) {
      const drawn = Array.from({ length: past + rest }, (_, day) =>
        poisson(mean(day, random.next().value), random),
      );
      const { low, high } = made(forecastTotal(course(drawn.slice(0, past), rest)));
      const end = drawn.reduce((sum, value) => sum + value, 0n);
      if (low <= end && end <= high) held += 1;
    }
    expect(held / runs).toBeGreaterThan(0.92);
    // Nor is it so wide that it says nothing.
    expect(held / runs).toBeLessThan(1);
  });
});
