import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { logGamma } from './log-gamma.js';
import { normalCdf, normalDensity, normalQuantile } from './normal-distribution.js';
import {
  mixtureCdf,
  mixtureMean,
  mixtureQuantile,
  mixtureUpperTail,
  type NormalMixture,
} from './normal-mixture.js';
import { studentCdf, studentQuantile } from './student-distribution.js';

const relative = (actual: number, expected: number): number => Math.abs(actual / expected - 1);

describe('normalCdf', () => {
  // erfc of the C library, as Python gives it.
  it.each([
    [0.5, 0.3085375387259869],
    [1, 0.15865525393145707],
    [2, 0.02275013194817922],
    [4, 3.1671241833119965e-5],
    [6, 9.865876450377012e-10],
    [7.05, 8.945889558769917e-13],
    [7.08, 7.207723086467529e-13],
    [8, 6.220960574271819e-16],
    [10, 7.619853024160593e-24],
    [20, 2.7536241186063314e-89],
  ])('below -%d lies %d', (x, tail) => {
    expect(relative(normalCdf(-x), tail)).toBeLessThan(1e-8);
    expect(Math.abs(normalCdf(-x) - tail)).toBeLessThan(1e-15);
    expect(normalCdf(x)).toBeCloseTo(1 - tail, 14);
  });

  it('is a half at 0, and quantiles undo it', () => {
    expect(normalCdf(0)).toBeCloseTo(0.5, 15);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 12);
    expect(normalDensity(0)).toBeCloseTo(0.3989422804014327, 15);
  });

  it('rises, and its two tails add up to 1', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -9, max: 9, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (x, d) => {
          expect(normalCdf(x + d)).toBeGreaterThanOrEqual(normalCdf(x) - 1e-15);
          expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 14);
        },
      ),
    );
  });
});

describe('logGamma', () => {
  it.each([
    [0.1, 2.2527126517342055],
    [0.5, 0.5723649429247004],
    [1, 0],
    [1.5, -0.12078223763524543],
    [5, 3.178053830347945],
    [16, 27.89927138384089],
    [25.5, 56.389167643719944],
    [100, 359.1342053695754],
  ])('of %d is %d', (x, expected) => {
    expect(logGamma(x)).toBeCloseTo(expected, 11);
  });
});

describe('studentQuantile', () => {
  // The 97.5 % column of every printed table.
  it.each([
    [1, 12.7062047361747],
    [2, 4.30265272974946],
    [10, 2.22813885198627],
    [30, 2.04227245630124],
    [120, 1.97993040508242],
  ])('with %d degrees of freedom is %d', (df, expected) => {
    expect(relative(studentQuantile(0.975, df), expected)).toBeLessThan(1e-11);
    expect(studentQuantile(0.025, df)).toBeCloseTo(-studentQuantile(0.975, df), 10);
  });

  it('takes fractions of a degree, and comes to the normal one', () => {
    expect(studentCdf(studentQuantile(0.9, 7.35), 7.35)).toBeCloseTo(0.9, 12);
    expect(studentQuantile(0.975, 1e7)).toBeCloseTo(1.959964, 5);
  });
});

describe('a mixture of normal distributions', () => {
  const mixture: NormalMixture = {
    weights: Float64Array.of(0.25, 0.75),
    means: Float64Array.of(-2, 3),
    deviations: Float64Array.of(1, 2),
  };

  it('has the mean and the probabilities of its parts', () => {
    // -2 / 4 + 3 x 3 / 4 = 1.75
    expect(mixtureMean(mixture)).toBeCloseTo(1.75, 14);
    expect(mixtureCdf(mixture, 3)).toBeCloseTo(0.25 * normalCdf(5) + 0.75 * 0.5, 14);
    expect(mixtureCdf(mixture, 3) + mixtureUpperTail(mixture, 3)).toBeCloseTo(1, 14);
  });

  it('keeps the digits of a small upper tail', () => {
    expect(relative(mixtureUpperTail(mixture, 23), 0.75 * normalCdf(-10))).toBeLessThan(1e-12);
  });

  it('quantiles undo the probabilities', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (p) => {
        expect(mixtureCdf(mixture, mixtureQuantile(mixture, p))).toBeCloseTo(p, 12);
      }),
    );
  });
});
