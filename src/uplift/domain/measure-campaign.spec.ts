import { describe, expect, it } from '@jest/globals';
import { buildSeries } from '../../../test/support/series-builders.js';
import { type ChannelChoiceInput, chooseChannels } from './choose-channels.js';
import { compareDays, type DailyValue, sumByDay, valuesWithin } from './daily-values.js';
import { measureCampaign, type UpliftSource } from './measure-campaign.js';
import { finish } from './steps.js';
import { upliftPeriod } from './uplift-period.js';

describe('chooseChannels', () => {
  const input = (overrides: Partial<ChannelChoiceInput> = {}): ChannelChoiceInput => ({
    channels: ['a', 'b', 'c', 'd'].map((id) => ({ id, partnerId: id === 'd' ? 'other' : 'redeemer' })),
    redeemerPartnerId: 'redeemer',
    redemptions: new Map([
      ['a', 5],
      ['c', 2],
    ]),
    agreed: [],
    asked: null,
    ...overrides,
  });

  it.each<[string, Partial<ChannelChoiceInput>, string[], string[][], number, number | null]>([
    ['the idle channels of the redeemer are one control', {}, ['a', 'c'], [['b']], 0, 2],
    ['agreed channels come first', { agreed: ['d', 'b'] }, ['a', 'c'], [['d'], ['b']], 0, null],
    ['named channels come before agreed ones', { agreed: ['d'], asked: ['b'] }, ['a', 'c'], [['b']], 0, null],
    ['a channel that serves as control is not treated', { asked: ['c'] }, ['a'], [['c']], 2, null],
    ['without a redemption nothing is treated', { redemptions: new Map() }, [], [['a', 'b', 'c']], 0, null],
    [
      'with codes everywhere there is no control',
      { redemptions: new Map(['a', 'b', 'c'].map((id) => [id, 1])) },
      ['a', 'b', 'c'],
      [],
      0,
      1,
    ],
  ])('%s', (_, overrides, treated, controls, controlRedemptions, fewestRedemptions) => {
    const expected = { treated, controls, controlRedemptions, fewestRedemptions };
    expect(chooseChannels(input(overrides))).toEqual(expected);
  });
});

describe('compareDays', () => {
  const sums = (days: Record<number, number>): Map<number, number> =>
    new Map(Object.entries(days).map(([day, value]) => [Number(day), value]));

  it('keeps the days on which every series has a receipt, and drops those between the two periods', () => {
    const treated = sums({ 1: 10, 2: 20, 3: 30, 4: 40, 5: 50, 6: 60, 7: 70 });
    const control = sums({ 1: 1, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7 });
    // The campaign begins on day 4, the question is about 6 only; day 2 has no control.
    expect(compareDays(treated, [control], 4, { from: 6, to: 7 })).toEqual({
      series: { days: [1, 3, 6], observed: [10, 30, 60], controls: [[1, 3, 6]], start: 2, hasWeekdays: true },
      droppedBefore: 1,
    });
  });

  it('adds the channels up that have a receipt', () => {
    const values: DailyValue[] = [
      { channelId: 'a', day: 1, value: 2 },
      { channelId: 'b', day: 1, value: 3 },
      { channelId: 'c', day: 1, value: 100 },
      { channelId: 'b', day: 3, value: 5 },
    ];
    const summed = sumByDay(values, new Set(['a', 'b']));
    expect([...summed]).toEqual([
      [1, 5],
      [3, 5],
    ]);
    expect(valuesWithin(summed, { from: 2, to: 4 })).toEqual([5]);
  });
});

describe('upliftPeriod', () => {
  const CAMPAIGN = { from: '2026-06-01', to: '2026-07-01' };

  it.each([
    [{}, '2026-08-01', '2026-06-01', '2026-07-01'],
    [{}, '2026-06-10', '2026-06-01', '2026-06-10'],
    [{}, '2026-05-10', '2026-06-01', '2026-06-01'],
    [{ from: '2026-06-08', to: '2026-06-15' }, '2026-08-01', '2026-06-08', '2026-06-15'],
  ])('%j on %s is %s to %s', (asked, today, from, to) => {
    expect(upliftPeriod(asked, CAMPAIGN, today)).toEqual({ kind: 'period', period: { from, to } });
  });

  it.each([
    [{ from: '2026-06-10', to: '2026-06-10' }, 'to'],
    [{ from: '2026-06-10', to: '2026-06-09' }, 'to'],
    [{ from: '2026-07-01' }, 'from'],
    [{ from: '2026-05-31' }, 'from'],
    [{ to: '2026-07-02' }, 'to'],
  ])('%j is faulty at %s', (asked, field) => {
    expect(upliftPeriod(asked, CAMPAIGN, '2026-08-01')).toMatchObject({ kind: 'faulty', field });
  });
});

describe('measureCampaign', () => {
  const buildSource = (overrides: Partial<UpliftSource> = {}): UpliftSource => {
    const { days, observed, controls } = buildSeries({ effect: 20 });
    const start = days[84]!;
    return {
      metric: 'revenue',
      choice: { treated: ['shop'], controls: [['kiosk']], controlRedemptions: 0, fewestRedemptions: null },
      values: days.flatMap((day, index) => [
        { channelId: 'shop', day, value: observed[index]! },
        { channelId: 'kiosk', day, value: controls[0]![index]! },
      ]),
      isComplete: true,
      start,
      during: { from: start, to: start + 28 },
      baseline: { from: start - 28, to: start },
      marginRate: { value: 0.25 },
      cost: { value: 100 },
      ...overrides,
    };
  };

  it('measures, describes and carries the interval through to the profit', () => {
    const { measurement, profit, descriptive } = finish(measureCampaign(buildSource()));
    expect(measurement?.judgement.verdict).toBe('increase');
    expect([descriptive.before.days, descriptive.during.days]).toEqual([28, 28]);
    const found = measurement?.counterfactual;
    if (found?.kind !== 'estimated' || 'undefined' in profit) throw new Error('nothing measured');
    expect(profit.netProfit.value).toBeCloseTo(0.25 * found.effect.value - 100, 9);
    expect(profit.netProfit.lower).toBeCloseTo(0.25 * found.effect.lower - 100, 9);
    expect(profit.probabilityOfPayingOff).toBeGreaterThan(0.5);
  });

  it.each([
    [
      'no-redemptions',
      { choice: { treated: [], controls: [], controlRedemptions: 0, fewestRedemptions: null } },
      'not-measured',
    ],
    ['no-margin-data', { isComplete: false }, 'no-margin-data'],
    ['no-receipt-totals', { values: [] }, 'no-receipt-totals'],
  ] as const)('is not measured: %s', (reason, overrides, profitReason) => {
    const uplift = finish(measureCampaign(buildSource(overrides)));
    expect(uplift).toMatchObject({ measurement: null, reason, profit: { undefined: profitReason } });
  });

  it.each([
    ['no-margin-data', { marginRate: { undefined: 'no-margin-data' } }],
    ['cost-not-allocated', { cost: { undefined: 'cost-not-allocated' } }],
    ['not-measured', { during: { from: 0, to: 0 } }],
  ] as const)('has no profit: %s', (reason, overrides) => {
    expect(finish(measureCampaign(buildSource(overrides))).profit).toEqual({ undefined: reason });
  });
});
