import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildSeries } from '../../../test/support/series-builders.js';
import { compareWithAverage, compareWithSynthetic, differenceInDifferences } from './compare-differences.js';
import { total } from './moments.js';
import { projectOnSimplex, weighControls } from './weigh-controls.js';

describe('differenceInDifferences', () => {
  it('is the change of the treated less the change of the control', () => {
    // Card and Krueger 1994, full-time employment of restaurants: New Jersey 20.44 -> 21.03, Pennsylvania 23.33 -> 21.17.
    // 0.59 - (-2.16) = 2.75 from the rounded means; they print 2.76 from the unrounded ones.
    const treated = { before: 20.44, after: 21.03 };
    const control = { before: 23.33, after: 21.17 };
    expect(differenceInDifferences({ treated, control })).toBeCloseTo(2.75, 10);
  });

  it('is that of the means for daily series that have one level', () => {
    // Two days before of mean 10, two after of mean 13; the control, brought from mean 5 to 10, goes from 10 to 12: 3 - 2 = 1 a day.
    const effect = compareWithAverage({
      days: [0, 1, 2, 3, 4, 5],
      observed: [9, 10, 11, 12, 13, 14],
      controls: [[4, 5, 6, 6, 6, 6]],
      start: 3,
      hasWeekdays: false,
    });
    expect(effect?.value).toBeCloseTo(3 * 1, 10);
  });
});

describe('compareWithSynthetic', () => {
  it('finds the mix that the series was made from, and the effect on top of it', () => {
    const { controls, ...shape } = buildSeries({ controls: 3 });
    const [a = [], b = [], c = []] = controls.map((control) => {
      const before = control.slice(0, shape.start);
      return control.map((value) => (value / total(before)) * before.length * 100);
    });
    const observed = a.map((value, day) => 0.7 * value + 0.3 * c[day]! + (day >= shape.start ? 5 : 0));
    const { weights, effect } = compareWithSynthetic({ ...shape, observed, controls: [a, b, c] })!;
    expect(weights).toEqual([0.7, 0, 0.3].map((v) => expect.closeTo(v, 5)));
    // 28 days of 5 = 140
    expect(effect.value).toBeCloseTo(140, 3);
  });

  it('a control without a level before the campaign gets no weight', () => {
    const series = buildSeries();
    const { weights } = compareWithSynthetic({
      ...series,
      controls: [series.days.map(() => 0), ...series.controls],
    })!;
    expect(weights).toEqual([0, 1]);
    expect(compareWithSynthetic({ ...series, controls: [series.days.map(() => 0)] })).toBeNull();
    expect(compareWithAverage({ ...series, controls: [] })).toBeNull();
  });
});

describe('weighControls', () => {
  const column = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 6, maxLength: 6 });

  it('its weights are not negative, add up to 1, and no other mix is nearer', () => {
    fc.assert(
      fc.property(column, fc.array(column, { minLength: 1, maxLength: 4 }), (target, controls) => {
        const weights = weighControls(target, controls);
        expect(weights.every((weight) => weight >= 0)).toBe(true);
        expect(total(weights)).toBeCloseTo(1, 9);
        const distance = (w: readonly number[]): number =>
          total(target.map((v, i) => (v - total(controls.map((c, k) => w[k]! * c[i]!))) ** 2));
        controls.forEach((_, corner) => {
          const towards = weights.map((w, k) => 0.99 * w + (k === corner ? 0.01 : 0));
          expect(distance(weights)).toBeLessThanOrEqual(distance(towards) + 1e-7);
        });
      }),
    );
  });

  it('controls that are alike get like weights', () => {
    const control = [1, 2, 3, 5];
    expect(weighControls([2, 4, 6, 9], [control, control])).toEqual([0.5, 0.5]);
    expect(
      weighControls(
        [1, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    ).toEqual([0.5, 0.5]);
  });

  it('a point of the simplex is its own nearest', () => {
    expect(projectOnSimplex([0.2, 0.8])).toEqual([0.2, 0.8].map((v) => expect.closeTo(v, 12)));
    expect(projectOnSimplex([5, 0])).toEqual([1, 0]);
  });
});
