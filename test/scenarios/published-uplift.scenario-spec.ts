import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { differenceInDifferences } from '../../src/uplift/domain/compare-differences.js';
import type { ComparedSeries } from '../../src/uplift/domain/compared-series.js';
import { estimateCounterfactual } from '../../src/uplift/domain/estimate-counterfactual.js';
import { finish } from '../../src/uplift/domain/steps.js';

// Data that is not part of the project: it lies beside it where it is there at all.
const FOLDER = fileURLToPath(new URL('../../../shared/data', import.meta.url));
const isRequired = process.env['TANDEM_REQUIRE_SHARED'] === '1';

interface Fixture {
  readonly n_pre: number;
  readonly data: { readonly y: readonly number[]; readonly x: Readonly<Record<string, readonly number[]>> };
  readonly r_output: {
    readonly point_effect_mean: number;
    readonly ci_lower: number;
    readonly ci_upper: number;
    readonly p_value: number;
  };
}
interface CardKrueger {
  readonly NJ: readonly [before: number, after: number];
  readonly PA: readonly [before: number, after: number];
  readonly did_from_rounded_means: number;
  readonly published_did: number;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(`${FOLDER}/${path}`, 'utf8'));

function toSeries({ data, n_pre: start }: Fixture): ComparedSeries {
  const days = data.y.map((_, index) => index);
  return { days, observed: data.y, controls: Object.values(data.x), start, hasWeekdays: false };
}

if (!existsSync(`${FOLDER}/uplift`) && !isRequired) {
  describe('published measurements of uplift', () => {
    it.skip('are not compared: ../shared/data/uplift is absent (TANDEM_REQUIRE_SHARED=1 fails instead)', () =>
      undefined);
  });
} else {
  describe.each(['basic', 'covariates', 'no_effect'])('the result of R CausalImpact 1.4.1, %s', (name) => {
    it('is met: the mean within 3 % of its interval, each bound within 8 %, the same side of 0.05', () => {
      const fixture = readJson(`uplift/r_reference_${name}.json`) as Fixture;
      const { point_effect_mean: mean, ci_lower: lower, ci_upper: upper, p_value: p } = fixture.r_output;
      const outcome = finish(estimateCounterfactual(toSeries(fixture)));
      if (outcome.kind !== 'estimated') throw new Error(outcome.reason);
      const share = (actual: number, expected: number): number =>
        Math.abs(actual / outcome.days.length - expected) / (upper - lower);
      expect(share(outcome.effect.value, mean)).toBeLessThan(0.03);
      expect(share(outcome.effect.lower, lower)).toBeLessThan(0.08);
      expect(share(outcome.effect.upper, upper)).toBeLessThan(0.08);
      expect(outcome.tailProbability < 0.05).toBe(p < 0.05);
    });
  });

  describe('the minimum wage study of Card and Krueger', () => {
    it('has the difference in differences that they printed', () => {
      const cases = readJson('attribution/small_published_cases.json') as { did_card_krueger: CardKrueger };
      const { NJ, PA, did_from_rounded_means: rounded, published_did: published } = cases.did_card_krueger;
      const did = differenceInDifferences({
        treated: { before: NJ[0], after: NJ[1] },
        control: { before: PA[0], after: PA[1] },
      });
      expect(did).toBeCloseTo(rounded, 10);
      // The four means are printed with two decimals: each may be off by 0.005.
      expect(Math.abs(did - published)).toBeLessThanOrEqual(0.02);
    });
  });
}
