import { describe, expect, it } from '@jest/globals';
import { buildSeries } from '../../../test/support/series-builders.js';
import { type ComparedSeries, sliceSeries } from './compared-series.js';
import { designModel } from './design-model.js';
import { emptyPrePeriod } from './filter-local-level.js';
import { fitModel, fitPoint } from './fit-model.js';
import { total } from './moments.js';
import { coefficientPrior } from './model-priors.js';
import { predictOneStep } from './predict-one-step.js';
import { finish } from './steps.js';

const withGaps = (series: ComparedSeries): ComparedSeries => ({
  ...series,
  days: series.days.map((day, index) => day + (index > 20 ? 3 : 0) + (index > 90 ? 1 : 0)),
});

describe('fitPoint', () => {
  it.each([
    ['one control and weekdays', buildSeries()],
    ['missing days', withGaps(buildSeries())],
    ['no control', buildSeries({ controls: 0 })],
    ['four controls, no weekdays', buildSeries({ controls: 4, hasWeekdays: false })],
  ])('has the likelihood of the textbook Kalman filter that carries the coefficients: %s', (_, series) => {
    const design = designModel(series)!;
    const prior = coefficientPrior(design);
    for (const deviations of [
      [0.01, 0.4],
      [0.3, 0.1],
      [0.0025, 1.2],
      [0.6, 0.05],
    ] as const) {
      const shared = fitPoint(design, prior, emptyPrePeriod(design.width), deviations);
      const textbook = predictOneStep(design, prior, deviations);
      expect(shared.logLikelihood / textbook.logLikelihood).toBeCloseTo(1, 9);
    }
  });

  it('predicts the next day as the textbook filter does', () => {
    const series = withGaps(buildSeries({ controls: 2 }));
    const deviations = [0.05, 0.3] as const;
    const whole = designModel(series)!;
    const { errors } = predictOneStep(whole, coefficientPrior(whole), deviations);
    // The last day of the pre-period, taken as the first of a campaign. The design keeps the units of the whole.
    const cut = { ...whole, start: whole.start - 1 };
    const point = fitPoint(cut, coefficientPrior(whole), emptyPrePeriod(cut.width), deviations);
    const row = whole.rows.subarray(cut.start * whole.width, whole.start * whole.width);
    const predicted = point.coefficients.reduce(
      (sum, coefficient, index) => sum + coefficient * (row[index + 1]! - point.level[index + 1]!),
      point.level[0]!,
    );
    expect((row[0]! - predicted) * whole.scale).toBeCloseTo(errors.at(-1)!, 8);
  });
});

describe('fitModel', () => {
  it('its weights add up to 1 and prefer what the series shows', () => {
    const points = finish(fitModel(designModel(buildSeries())!));
    expect(total(points.map(({ weight }) => weight))).toBeCloseTo(1, 12);
    const best = points.reduce((most, point) => (point.weight > most.weight ? point : most));
    expect(best.observationDeviation).toBeGreaterThan(0.1);
    expect(best.observationDeviation).toBeLessThan(0.6);
  });

  it('does not look at the campaign', () => {
    const series = buildSeries();
    const other = { ...series, observed: series.observed.map((v, i) => (i < series.start ? v : v * 3)) };
    const [a, b] = [series, other].map((s) => finish(fitModel(designModel(s)!)).map(({ weight }) => weight));
    expect(a).toEqual(b);
    const cut = finish(fitModel(designModel(sliceSeries(series, series.start + 1, series.start))!));
    expect(cut.map(({ weight }) => weight)).toEqual(a);
  });
});
