import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { buildJourney, compare } from '../../test/support/journey-builders.js';
import { ATTRIBUTION_MODELS, type AttributionModel } from '../attribution/domain/compare-models.js';
import { MOST_MARKOV_PARTIES } from '../attribution/domain/markov-model.js';
import type { Journey } from '../attribution/domain/journey.js';
import { renderCreditsCsv } from './credits-csv.js';
import { creditsResponse } from './credits.dto.js';
import { type CreditsAnswer, renderCredits } from './domain/credits-answer.js';

const id = (number: number): string => `0197a000-0000-7000-8000-${String(number).padStart(12, '0')}`;

/** Credits of journeys to partners with these labels. */
function creditsOf(
  labels: readonly string[],
  journeys: readonly Journey[],
  models: readonly AttributionModel[] = ATTRIBUTION_MODELS,
  receiptsWithoutRate = 0n,
): CreditsAnswer {
  const answer = renderCredits({
    ...{ campaignId: id(0), period: { from: '2026-06-01', to: '2026-07-01' }, currency: 'EUR' },
    ...{ groupBy: 'partner', halfLifeDays: 7, models },
    groups: labels.map((label, party) => ({ key: { partnerId: id(party + 1) }, label })),
    comparison: compare(models, labels.length, journeys),
    receiptsWithoutRate,
  });
  expect(creditsResponse.parse(answer)).toEqual(answer);
  return answer;
}

const rowsOf = (answer: CreditsAnswer): Record<string, string>[] =>
  parse(renderCreditsCsv(answer), { columns: true });

describe('renderCreditsCsv', () => {
  const answer = creditsOf(['Gym', 'Café'], [buildJourney([0, 1], { value: 1_01n })]);

  it('has the whole first and then a row per group, by label, with three columns a model', () => {
    const rows = rowsOf(answer);
    expect(rows.map(({ groupBy, group, groupLabel }) => [groupBy, group, groupLabel])).toEqual([
      ['total', '', ''],
      ['partner', id(2), 'Café'],
      ['partner', id(1), 'Gym'],
    ]);
    expect(Object.keys(rows[0]!)).toHaveLength(4 + 3 * ATTRIBUTION_MODELS.length + 1);
  });

  it('has columns that add up to the first row', () => {
    const [whole, ...groups] = rowsOf(answer);
    for (const model of ATTRIBUTION_MODELS) {
      const cents = groups.map((row) => Math.round(Number(row[`${model} amount`]) * 100));
      expect(cents.reduce((a, b) => a + b)).toBe(101);
      expect(whole).toMatchObject({ [`${model} amount`]: '1.01', [`${model} redemptions`]: '1' });
    }
  });

  it.each(['=1+1', '+1', '-1', '@sum(A1)'])('the label %j does not run as a formula', (label) => {
    expect(rowsOf(creditsOf([label], [buildJourney([0])]))[1]).toMatchObject({ groupLabel: `'${label}` });
  });

  it('tells no amount while receipts wait for an exchange rate, and the redemptions all the same', () => {
    const waiting = creditsOf(['Gym'], [buildJourney([0])], ['linear'], 2n);
    const nothing = { undefined: 'no-exchange-rate', parts: { receiptsWithoutRate: '2' } };
    expect(waiting.totals).toEqual({ redemptions: '1', amount: nothing });
    for (const row of rowsOf(waiting))
      expect(row).toMatchObject({
        ...{ 'linear redemptions': '1', 'linear amount': '', 'linear undefined': 'no-exchange-rate' },
      });
  });

  it('says which model has no credits, in the whole as well, and keeps the others', () => {
    const labels = Array.from({ length: MOST_MARKOV_PARTIES + 1 }, (_, party) => `Partner ${party}`);
    const everybody = [buildJourney(labels.map((_, party) => party))];
    const many = creditsOf(labels, everybody, ['first_touch', 'markov', 'shapley']);
    expect(many.diagnostics).toMatchObject({
      markov: { conversionProbability: { undefined: 'too-many-parties' } },
      shapley: {
        rateEffects: [{ effect: { undefined: 'too-many-parties' } }, ...many.groups.slice(1).map(() => ({}))],
      },
    });
    const unknown = { 'markov redemptions': '', 'markov amount': '', 'markov undefined': 'too-many-parties' };
    expect(rowsOf(many).slice(0, 2)).toMatchObject([
      { ...unknown, 'first_touch amount': '1.00' },
      { ...unknown, 'removal effect': '' },
    ]);
  });

  it('negative credits stay numbers: more was given back than paid', () => {
    const row = rowsOf(creditsOf(['Gym'], [buildJourney([0], { value: -5n })]))[1];
    expect(row).toMatchObject({ 'linear amount': '-0.05', 'markov amount': '-0.05' });
  });

  it('is a header and an empty whole for a campaign in which nobody hands codes out', () => {
    expect(rowsOf(creditsOf([], []))).toMatchObject([{ groupBy: 'total', 'markov amount': '0.00' }]);
  });
});
