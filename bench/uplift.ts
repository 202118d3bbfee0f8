import { cpus } from 'node:os';
import { buildSeries } from '../test/support/series-builders.js';
import type { ComparedSeries } from '../src/uplift/domain/compared-series.js';
import { crossCheckEffect } from '../src/uplift/domain/cross-check-effect.js';
import { measureUplift } from '../src/uplift/domain/measure-uplift.js';
import { finish, type Steps } from '../src/uplift/domain/steps.js';
import { median } from './redeem/median.js';

/*
 * npm run bench:uplift: the whole uplift of three years of days (1,037 before, 58 of the campaign): the fit over 41 x 41 points, the
 * placebo, the cross-check, an interval for each day. In the same run, as reference, one regression of the same series. Figures are
 * medians of the rounds; the ratio is what counts, machines differ. The longest step is how long the process answers nobody else.
 */
const ROUNDS = 3;
const CONTROLS = [1, 3, 6];

tell(`${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, node ${process.version}`);
for (const controls of CONTROLS) {
  const series = buildSeries({ before: 1037, during: 58, effect: 10, controls });
  // The first run compiles.
  runOnce(series);
  const rounds = Array.from({ length: ROUNDS }, () => runOnce(series));
  const [uplift, step, regression] = (['uplift', 'step', 'regression'] as const).map((name) =>
    median(rounds.map((round) => round[name])),
  ) as [number, number, number];
  tell(
    `${controls} control(s)   uplift ${fixed(uplift)} ms   longest step ${fixed(step)} ms   ` +
      `regression ${fixed(regression)} ms   ratio ${fixed(uplift / regression)}`,
  );
}

function runOnce(series: ComparedSeries): { uplift: number; step: number; regression: number } {
  const campaignDays = series.days.length - series.start;
  const gates = { campaignDays, droppedBefore: 0, controlRedemptions: 0, fewestRedemptions: null };
  const regressed = performance.now();
  crossCheckEffect(series);
  const regression = performance.now() - regressed;
  const started = performance.now();
  const step = longestStep(measureUplift({ series, ...gates }));
  return { uplift: performance.now() - started, step, regression };
}

function longestStep<T>(steps: Steps<T>): number {
  let [longest, last] = [0, performance.now()];
  const watched = function* (): Steps<T> {
    for (;;) {
      const step = steps.next();
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      if (step.done) return step.value;
      yield;
    }
  };
  finish(watched());
  return longest;
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
