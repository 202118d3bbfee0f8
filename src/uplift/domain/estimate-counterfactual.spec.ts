import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildSeries } from '../../../test/support/series-builders.js';
import type { ComparedSeries } from './compared-series.js';
import {
  type Counterfactual,
  estimateCounterfactual,
  type NoCounterfactual,
} from './estimate-counterfactual.js';
import { finish } from './steps.js';

const outcomeOf = (series: ComparedSeries): Counterfactual | NoCounterfactual =>
  finish(estimateCounterfactual(series));
const estimate = (series: ComparedSeries): Counterfactual => {
  const outcome = outcomeOf(series);
  if (outcome.kind !== 'estimated') throw new Error(outcome.reason);
  return outcome;
};
const mapObserved = (series: ComparedSeries, change: (v: number, i: number) => number): ComparedSeries => ({
  ...series,
  observed: series.observed.map(change),
});

/** Every number in an answer, however deep. */
const numbersIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  if (value instanceof Float64Array) return [...value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
};

describe('estimateCounterfactual', () => {
  it('finds an effect that is there, and its interval holds it', () => {
    const { effect, tailProbability } = estimate(buildSeries({ effect: 15 }));
    // 28 days of 15 = 420
    expect(effect.lower).toBeLessThan(420);
    expect(effect.upper).toBeGreaterThan(420);
    expect(effect.lower).toBeGreaterThan(0);
    expect(tailProbability).toBeLessThan(0.001);
  });

  it('finds none where there is none', () => {
    const { effect, tailProbability } = estimate(buildSeries({ effect: 0 }));
    expect([effect.lower < 0, effect.upper > 0]).toEqual([true, true]);
    expect(tailProbability).toBeGreaterThan(0.025);
  });

  it('the effect on a series that equals its counterfactual is 0', () => {
    const series = buildSeries();
    const { days } = estimate(series);
    const equal = mapObserved(series, (value, index) =>
      index < series.start ? value : days[index - series.start]!.counterfactual.value,
    );
    const { effect, days: again } = estimate(equal);
    expect(effect.value / 100).toBeCloseTo(0, 9);
    for (const { cumulative } of again) expect(cumulative.value / 100).toBeCloseTo(0, 9);
  });

  it('its intervals hold their values, and the last sum is the whole', () => {
    const { days, effect, counterfactual, observed } = estimate(buildSeries({ effect: 5 }));
    for (const { counterfactual: c, cumulative: e } of days) {
      expect(c.lower < c.value && c.value < c.upper && e.lower < e.value && e.value < e.upper).toBe(true);
    }
    expect(days.at(-1)!.cumulative).toEqual(effect);
    expect(effect.value).toBeCloseTo(observed - counterfactual.value, 9);
  });

  it('another unit and another zero change the figures in that way only', () => {
    const series = buildSeries({ effect: 8 });
    const base = estimate(series);
    const numbers = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(numbers(0.01, 1000), numbers(-500, 500), numbers(0.01, 100), (scale, shift, unit) => {
        const moved = estimate({
          ...mapObserved(series, (value) => value * scale + shift),
          controls: series.controls.map((control) => control.map((value) => value * unit + shift)),
        });
        expect(moved.effect.value / scale).toBeCloseTo(base.effect.value, 4);
        expect(moved.effect.lower / scale).toBeCloseTo(base.effect.lower, 4);
        expect(moved.effect.upper / scale).toBeCloseTo(base.effect.upper, 4);
      }),
      { numRuns: 5 },
    );
  });

  it('the order of the controls does not matter beyond rounding', () => {
    const series = buildSeries({ controls: 4, effect: 8 });
    const turned = estimate({ ...series, controls: [...series.controls].reverse() });
    expect(turned.effect.value).toBeCloseTo(estimate(series).effect.value, 6);
    expect(turned.effect.lower).toBeCloseTo(estimate(series).effect.lower, 6);
  });

  it('asked again it answers the same to the last digit', () => {
    const series = buildSeries({ controls: 2 });
    expect(outcomeOf(series)).toEqual(outcomeOf(structuredClone(series)));
  });

  it('a longer stretch of missing days makes it less sure', () => {
    const series = buildSeries();
    const later = { ...series, days: series.days.map((d, i) => (i < series.start ? d : d + 70)) };
    const width = ({ effect }: Counterfactual): number => effect.upper - effect.lower;
    expect(width(estimate(later))).toBeGreaterThan(width(estimate(series)));
  });

  it.each([
    ['a constant series', mapObserved(buildSeries(), () => 0.1), 'constant-series'],
    [
      'a series that is constant before',
      mapObserved(buildSeries(), (_, i) => (i < 84 ? 7 : i)),
      'constant-series',
    ],
    ['no day of the campaign', buildSeries({ during: 0 }), 'no-days'],
    ['one day before', { ...buildSeries(), start: 1 }, 'no-days'],
  ])('%s is undefined with its reason', (_, series, reason) => {
    expect(outcomeOf(series)).toEqual({ kind: 'undefined', reason });
  });

  it('controls that repeat each other, are constant or are the series itself give numbers', () => {
    const series = buildSeries();
    const [control = []] = series.controls;
    const constant = control.map(() => 5);
    for (const controls of [
      [control, control],
      [control, control.map((v) => 2 * v)],
      [constant],
      [series.observed],
    ]) {
      expect(numbersIn(estimate({ ...series, controls })).every(Number.isFinite)).toBe(true);
    }
    expect(estimate({ ...series, controls: [constant] })).toEqual(estimate({ ...series, controls: [] }));
  });

  it('never gives a number that is none', () => {
    const value = fc.oneof(
      fc.constantFrom(0, 1, 1e-9, 1e12),
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
    );
    const values = fc.array(value, { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(values, values, fc.boolean(), (observed, control, hasWeekdays) => {
        const days = observed.map((_, index) => index);
        const outcome = outcomeOf({
          days,
          observed,
          controls: [control],
          start: 8,
          hasWeekdays,
        });
        expect(numbersIn(outcome).every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
