import { describe, expect, it } from '@jest/globals';
import { regressNeweyWest } from './regress-newey-west.js';

// The same by numpy: b = solve(X'X, X'y), S = sum of Bartlett-weighted products of scores to lag 14, V = B S B n / (n - 3).
const N = 40;
const days = Array.from({ length: N }, (_, index) => index);
const Y = days.map((i) => ((i * 7919) % 101) / 10 + (i >= 30 ? 3 : 0) + 0.05 * i);
const X = days.map((i) => ((i * 104729) % 97) / 10);
const DURING = days.map((i) => (i >= 30 ? 1 : 0));
const ONE = days.map(() => 1);

describe('regressNeweyWest', () => {
  it('gives the coefficients and errors that were worked out without Tandem', () => {
    const { coefficients, standardErrors } = regressNeweyWest(Y, [ONE, X, DURING])!;
    expect(coefficients).toEqual([4.39260306, 0.27486658, 4.16801067].map((v) => expect.closeTo(v, 7)));
    expect(standardErrors).toEqual([0.69405339, 0.11732315, 0.62301533].map((v) => expect.closeTo(v, 7)));
  });

  it('leaves a column out that the ones before it give, and answers for the others as without it', () => {
    const twice = X.map((v) => 2 * v + 1);
    const { coefficients, standardErrors } = regressNeweyWest(Y, [ONE, X, twice, DURING])!;
    expect(coefficients[2]).toBeNull();
    expect(standardErrors[2]).toBeNull();
    expect(coefficients[3]).toBeCloseTo(regressNeweyWest(Y, [ONE, X, DURING])!.coefficients[2]!, 9);
  });

  it('a column of zeros has no coefficient', () => {
    expect(regressNeweyWest(Y, [ONE, ONE.map(() => 0)])!.coefficients).toEqual([expect.any(Number), null]);
  });

  it('another unit of a column is another unit of its coefficient', () => {
    const small = regressNeweyWest(Y, [ONE, X.map((v) => v / 1e6), DURING])!;
    expect(small.coefficients[1]! / 1e6).toBeCloseTo(0.27486658, 7);
    expect(small.standardErrors[1]! / 1e6).toBeCloseTo(0.11732315, 7);
  });

  it('residuals have no part of any column left', () => {
    const { residuals } = regressNeweyWest(Y, [ONE, X, DURING])!;
    for (const column of [ONE, X, DURING]) {
      expect(column.reduce((sum, v, i) => sum + v * residuals[i]!, 0)).toBeCloseTo(0, 9);
    }
  });

  it('without more observations than coefficients there is none', () => {
    expect(
      regressNeweyWest(
        [1, 2],
        [
          [1, 1],
          [0, 1],
        ],
      ),
    ).toBeNull();
    expect(regressNeweyWest([1, 2], [])).toBeNull();
  });
});
