import { describe, expect, it } from '@jest/globals';
import { emptySource, oneRedemption } from '../../../test/support/source-builders.js';
import { type Target, TARGET_METRICS } from '../../campaigns/domain/target.js';
import { addDays } from '../../kernel/period.js';
import { ratio } from '../../kernel/ratio.js';
import { METRICS } from '../../reports/domain/compute-figures.js';
import { shareOfTime, trackTargets } from './track-targets.js';

const target = (metric: Target['metric'], value: bigint, partnerId: string | null = null): Target => ({
  ...{ metric, value: ratio(value, 1n), partnerId },
});
/** June, and today is the 15th: two weeks with 3 redemptions a day, each 2.00 off, and 1 today. */
const dates = Array.from({ length: 15 }, (_, index) => addDays('2026-06-01', index));
const JUNE = emptySource({
  asOf: '2026-06-15',
  cells: dates.map((day) => {
    const redemptions = day === '2026-06-15' ? 1n : 3n;
    return oneRedemption(day, { redemptions, discount: redemptions * 2_00n, newCustomers: redemptions });
  }),
  costs: [{ day: '2026-06-01', currency: 'EUR', amount: 14_00n, unconverted: 0n }],
});

describe('trackTargets', () => {
  it('sets the actual figure against the target, beside the share of the days that are over', () => {
    // 14 x 3 + 1 = 43 of 100; 14 of 30 days. To the end: 42 + 16 days of 3 = 90
    const { elapsed, targets } = trackTargets(JUNE, [target('newCustomers', 100n)]);
    expect(elapsed).toMatchObject({ value: '0.466667', parts: { daysOver: '14', days: '30' } });
    expect(targets).toMatchObject([
      {
        metric: 'newCustomers',
        figures: {
          target: { value: '100', unit: 'count' },
          actual: { value: '43' },
          progress: { value: '0.43', unit: 'ratio', parts: { actual: '43', target: '100' } },
          forecast: { value: '90', unit: 'count', parts: { completeDays: '14', remainingDays: '16' } },
        },
      },
    ]);
  });

  it('forecasts money in the currency of the campaign', () => {
    // 90 redemptions of 2.00; no day differs from the others of its weekday
    const [{ figures } = { figures: undefined }] = trackTargets(JUNE, [
      target('discountGiven', 200n),
    ]).targets;
    expect(figures).toMatchObject({
      target: { value: '200.00', unit: 'EUR' },
      forecast: { value: '180.00', unit: 'EUR', parts: { low: '180.00', high: '180.00' } },
    });
  });

  it('may be about one partner', () => {
    const { targets } = trackTargets(JUNE, [
      target('refusals', 5n, 'cafe'),
      target('newCustomers', 5n, 'gym'),
    ]);
    expect(targets).toMatchObject([
      { partnerId: 'cafe', figures: { actual: { value: '0' }, forecast: { undefined: 'nothing-yet' } } },
      { partnerId: 'gym', figures: { actual: { value: '43' } } },
    ]);
  });

  it.each(['roi', 'cost', 'margin', 'promoRating', 'allReceipts', 'income'] as const)(
    'does not forecast %s',
    (metric) => {
      const [answer] = trackTargets(JUNE, [target(metric, 4n)]).targets;
      expect(answer?.figures.forecast).toEqual({ undefined: 'no-daily-count' });
    },
  );

  it('without an actual figure there is no progress, for the same reason', () => {
    const [answer] = trackTargets(JUNE, [target('promoRating', 4n)]).targets;
    expect(answer?.figures).toMatchObject({
      target: { value: '4', unit: '%' },
      actual: { undefined: 'no-receipt-totals' },
      progress: { undefined: 'no-receipt-totals', parts: { target: '4' } },
    });
  });

  it('before the start nothing is over, after the end all is and the forecast is what was counted', () => {
    expect(shareOfTime({ ...JUNE, asOf: '2026-05-01' })).toMatchObject({ value: ratio(0n, 1n) });
    const late = trackTargets({ ...JUNE, asOf: '2026-09-01' }, [target('newCustomers', 100n)]);
    expect(late).toMatchObject({
      elapsed: { value: '1' },
      targets: [{ figures: { forecast: { value: '43', parts: { low: '43', high: '43' } } } }],
    });
    const early = trackTargets({ ...JUNE, cells: [], asOf: '2026-05-01' }, [target('newCustomers', 100n)]);
    expect(early.targets[0]?.figures.forecast).toMatchObject({ undefined: 'too-early' });
  });
});

describe('the metrics that a target can be set for', () => {
  it('are metrics of the report', () => {
    const known: readonly string[] = METRICS;
    expect(TARGET_METRICS.filter((metric) => !known.includes(metric))).toEqual([]);
  });

  it('each have a unit and no broken figure', () => {
    const { targets } = trackTargets(
      JUNE,
      TARGET_METRICS.map((metric) => target(metric, 7n)),
    );
    const units = targets.map(({ figures }) => ('unit' in figures.target ? figures.target.unit : ''));
    const actual = targets.map(({ figures }) => ('unit' in figures.actual ? figures.actual.unit : ''));
    expect(units.filter((unit, index) => actual[index] !== '' && actual[index] !== unit)).toEqual([]);
    expect(JSON.stringify(targets)).not.toMatch(/NaN|Infinity|null/);
  });
});
