import { describe, expect, it } from '@jest/globals';
import { buildSeries, type SeriesShape } from '../../../test/support/series-builders.js';
import { checkGates, type GateInput, type GateName, type GateResult } from './check-gates.js';
import { crossCheckEffect } from './cross-check-effect.js';
import { estimateCounterfactual } from './estimate-counterfactual.js';
import { judgeUplift, type UpliftVerdict } from './judge-uplift.js';
import { measureUplift, type UpliftMeasurement } from './measure-uplift.js';
import { predictionError } from './prediction-error.js';
import { profitUplift } from './profit-uplift.js';
import { runPlacebo } from './run-placebo.js';
import { finish } from './steps.js';

const measure = (shape: SeriesShape): UpliftMeasurement => {
  const series = buildSeries(shape);
  const campaignDays = series.days.length - series.start;
  return finish(
    measureUplift({ series, campaignDays, droppedBefore: 0, controlRedemptions: 0, fewestRedemptions: null }),
  );
};
const interval = (value: number, margin: number) => ({ value, lower: value - margin, upper: value + margin });

describe('measureUplift', () => {
  it.each<[UpliftVerdict, SeriesShape]>([
    ['increase', { effect: 20 }],
    ['decrease', { effect: -20 }],
    ['inconclusive', { effect: 0 }],
    ['not-measured', { effect: 20, before: 40 }],
    ['not-measured', { effect: 20, controls: 0 }],
    ['not-measured', { effect: 20, during: 0 }],
  ])('says %s of %j', (verdict, shape) => {
    expect(measure(shape).judgement.verdict).toBe(verdict);
  });

  it('compares with several controls in two more ways, and with one in none', () => {
    const several = measure({ effect: 20, controls: 3 });
    for (const effect of [several.differenceInDifferences, several.syntheticControl?.effect]) {
      // 28 days of 20 = 560
      expect(Math.abs(effect!.value - 560)).toBeLessThan(100);
      expect(effect!.lower).toBeGreaterThan(0);
    }
    const one = measure({ effect: 20 });
    expect([one.differenceInDifferences, one.syntheticControl]).toEqual([null, null]);
  });
});

describe('crossCheckEffect', () => {
  it('finds the effect that is there', () => {
    const { value, lower, upper } = crossCheckEffect(buildSeries({ effect: 20 }))!;
    expect(Math.abs(value - 560)).toBeLessThan(100);
    expect([lower > 0, lower < value, value < upper]).toEqual([true, true, true]);
  });

  it('finds none when a control is the campaign itself', () => {
    const series = buildSeries();
    const during = series.days.map((_, day) => (day < series.start ? 0 : 1));
    expect(crossCheckEffect({ ...series, controls: [during] })).toBeNull();
  });
});

describe('checkGates', () => {
  const input = (overrides: Partial<GateInput> = {}): GateInput => ({
    series: buildSeries(),
    campaignDays: 28,
    droppedBefore: 0,
    controlRedemptions: 0,
    fewestRedemptions: 5,
    fit: { days: 70, error: 4, naiveError: 5, relativeError: 0.04 },
    placebo: { days: 28, effect: interval(1, 2) },
    ...overrides,
  });
  const resultOf = (name: GateName, overrides: Partial<GateInput>): GateResult | undefined =>
    checkGates(input(overrides)).find((gate) => gate.name === name)?.result;

  it('all pass a long quiet series', () => {
    expect(checkGates(input()).map(({ result }) => result)).toEqual(Array(7).fill('passed'));
  });

  it.each<[GateName, GateResult, string, Partial<GateInput>]>([
    ['control', 'failed', 'without a control', { series: buildSeries({ controls: 0 }) }],
    [
      'control',
      'failed',
      'with a constant one',
      { series: { ...buildSeries(), controls: [Array(112).fill(3)] } },
    ],
    ['pre-period', 'passed', 'at eight weeks', { series: buildSeries({ before: 56, during: 28 }) }],
    ['pre-period', 'failed', 'a day below', { series: buildSeries({ before: 55, during: 27 }) }],
    ['pre-period', 'failed', 'below twice the campaign', { series: buildSeries({ before: 83, during: 42 }) }],
    ['pre-period', 'passed', 'at twice the campaign', { series: buildSeries({ before: 84, during: 42 }) }],
    ['counted-days', 'warned', 'with one day of ten missing', { campaignDays: 32 }],
    ['counted-days', 'passed', 'with one of thirty', { campaignDays: 30 }],
    ['counted-days', 'warned', 'with half of the days', { campaignDays: 56 }],
    ['counted-days', 'failed', 'with less', { campaignDays: 57 }],
    [
      'fit',
      'failed',
      'when last week tells more',
      { fit: { days: 70, error: 5.1, naiveError: 5, relativeError: 1 } },
    ],
    ['fit', 'failed', 'when it could not be tried', { fit: null }],
    ['placebo', 'failed', 'with an effect of nothing', { placebo: { days: 28, effect: interval(3, 2) } }],
    ['placebo', 'failed', 'when it could not be tried', { placebo: null }],
    ['clean-control', 'warned', 'when codes are taken there', { controlRedemptions: 1 }],
    ['planned-channels', 'warned', 'when a treated channel took four codes', { fewestRedemptions: 4 }],
    ['planned-channels', 'passed', 'when controls were named', { fewestRedemptions: null }],
  ])('%s is %s %s', (name, result, _, overrides) => {
    expect(resultOf(name, overrides)).toBe(result);
  });
});

describe('judgeUplift', () => {
  const passed = checkGates({
    ...{
      series: buildSeries(),
      campaignDays: 28,
      droppedBefore: 0,
      controlRedemptions: 3,
      fewestRedemptions: null,
    },
    fit: { days: 70, error: 4, naiveError: 5, relativeError: 0.04 },
    placebo: { days: 28, effect: interval(1, 2) },
  });

  it.each([
    ['both beyond doubt', interval(5, 2), interval(4, 3), 'increase', []],
    ['both below 0', interval(-5, 2), interval(-4, 3), 'decrease', []],
    ['signs that differ', interval(5, 2), interval(-4, 3), 'inconclusive', ['signs-differ']],
    [
      'an interval that holds 0',
      interval(5, 6),
      interval(4, 3),
      'inconclusive',
      ['counterfactual-holds-zero'],
    ],
    [
      'an interval that touches 0',
      interval(5, 5),
      interval(4, 3),
      'inconclusive',
      ['counterfactual-holds-zero'],
    ],
    [
      'a cross-check that holds 0',
      interval(5, 2),
      interval(4, 5),
      'inconclusive',
      ['cross-check-holds-zero'],
    ],
    ['no cross-check', interval(5, 2), null, 'inconclusive', ['no-cross-check']],
  ] as const)('with %s', (_, counterfactual, crossCheck, verdict, because) => {
    expect(judgeUplift(counterfactual, crossCheck, passed)).toEqual({ verdict, because });
  });

  it('a gate that failed takes the verdict away, a warning does not', () => {
    const failed = passed.map((gate) =>
      gate.name === 'fit' ? { ...gate, result: 'failed' as const } : gate,
    );
    expect(judgeUplift(interval(5, 2), interval(5, 2), failed)).toEqual({
      verdict: 'not-measured',
      because: ['gate-fit'],
    });
    expect(passed.find(({ name }) => name === 'clean-control')?.result).toBe('warned');
  });

  it('channels that luck has chosen leave it open', () => {
    const lucky = passed.map((gate) =>
      gate.name === 'planned-channels' ? { ...gate, result: 'warned' as const } : gate,
    );
    expect(judgeUplift(interval(5, 2), interval(5, 2), lucky)).toEqual({
      verdict: 'inconclusive',
      because: ['channels-chosen-by-outcome'],
    });
  });
});

describe('predictionError', () => {
  it('is near the noise of the series, and below that of last week', () => {
    const series = buildSeries({ noise: 4 });
    const outcome = finish(estimateCounterfactual(series));
    if (outcome.kind !== 'estimated') throw new Error(outcome.reason);
    const { error, naiveError, relativeError, days } = predictionError(series, outcome)!;
    expect(days).toBe(70);
    expect(error).toBeGreaterThan(3);
    expect(error).toBeLessThan(6.5);
    expect(naiveError).toBeGreaterThan(error);
    expect(relativeError).toBeCloseTo(error / 104, 2);
  });
});

describe('runPlacebo', () => {
  it('takes the last days before the campaign, and never those of the campaign', () => {
    const [quiet, loud] = [0, 500].map((effect) => finish(runPlacebo(buildSeries({ effect }))));
    expect(quiet).toEqual(loud);
    expect(quiet?.days).toBe(28);
  });

  it('is not run without four weeks to learn from', () => {
    expect(finish(runPlacebo(buildSeries({ before: 54, during: 28 })))).toBeNull();
    expect(finish(runPlacebo(buildSeries({ before: 56, during: 28 })))?.days).toBe(28);
  });
});

describe('profitUplift', () => {
  const distribution = {
    weights: Float64Array.of(1),
    means: Float64Array.of(1000),
    deviations: Float64Array.of(50),
  };
  const base = { effect: interval(200, 98), observed: 1200, distribution, marginRate: 0.25, cost: 40 };

  it('is margin x incremental sales less the cost, interval carried through', () => {
    // 0.25 x [102, 200, 298] = [25.5, 50, 74.5]; less 40
    const { incrementalProfit, netProfit } = profitUplift(base);
    expect(incrementalProfit).toEqual({ value: 50, lower: 25.5, upper: 74.5 });
    expect(netProfit).toEqual({ value: 10, lower: -14.5, upper: 34.5 });
  });

  it('pays off when the counterfactual is below observed - cost / margin', () => {
    // 1,200 - 40 / 0.25 = 1,040: P(N(1000, 50) <= 1040) = Phi(0.8) = 0.788145
    expect(profitUplift(base).probabilityOfPayingOff).toBeCloseTo(0.7881446, 6);
  });

  it('without a cost there is no ROI, and without a margin it never pays', () => {
    expect(profitUplift({ ...base, cost: 0 }).probabilityOfPayingOff).toBeNull();
    expect(profitUplift({ ...base, marginRate: 0 }).probabilityOfPayingOff).toBe(0);
  });
});
