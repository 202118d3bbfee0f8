import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { ATTRIBUTION_MODELS } from '../../src/attribution/domain/compare-models.js';
import { creditsResponse } from '../../src/credits/credits.dto.js';
import { amountText, type CreditsAnswer } from '../../src/credits/domain/credits-answer.js';
import type { ReportAnswer } from '../../src/reports/domain/report-answer.js';
import { attributed } from '../support/attributed.js';
import {
  buildCampaign,
  buildCodeWord,
  buildPartner,
  buildRedemption,
  eur,
  type TestPartner,
} from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let client: pg.Client;
let gym: TestPartner;
let cafe: TestPartner;
let path: string;
let empty: string;

// The café hands out the word FLYER on flyers and COUNTER at its counter; each redemption at the gym is 50.00 less 10 %: 45.00.
//   A customer saw a flyer and redeemed COUNTER, another redeemed FLYER without being known, a third saw a flyer and did not come.
//   So the journeys are flyer > counter, flyer, and flyer without redemption; 2 redemptions, 90.00.
beforeAll(async () => {
  app = await testApp();
  client = new pg.Client(app.databaseUrl);
  await client.connect();
  [gym, cafe] = [await buildPartner(app.operator), await buildPartner(app.operator, { name: 'Café' })];
  const campaign = await buildCampaign(app.operator, { issuer: cafe, redeemer: gym });
  path = `/v1/campaigns/${campaign.id}`;
  const offerId = campaign.offerIds[0]!;
  const placement = { channelId: cafe.channelId };
  await buildCodeWord(cafe, offerId, 'FLYER', { placement: { ...placement, label: 'flyer' } });
  await buildCodeWord(cafe, offerId, 'COUNTER', { placement: { ...placement, label: 'counter' } });
  const known = await redeem('COUNTER', { customer: { phone: '+49 30 1112223' } });
  const unknown = await redeem('FLYER');
  await attributed(app.databaseUrl);
  await touch(unknown, (await rowOf(known)).match_id, known);
  await touch(unknown, randomUUID(), known);
  const other = await buildCampaign(app.operator, { issuer: cafe, redeemer: gym });
  await buildCodeWord(cafe, other.offerIds[0]!, 'NOBODY', { placement: { ...placement, label: 'window' } });
  empty = `/v1/campaigns/${other.id}`;
}, 60_000);

afterAll(async () => {
  await client.end();
  await app?.stop();
});

async function redeem(code: string, fields: object = {}): Promise<string> {
  const post = gym.pos.post('/v1/redemptions', buildRedemption(gym, code, { ...fields }));
  return (await gym.pos.must(201, post)).id!;
}

async function rowOf(id: string): Promise<{ match_id: string }> {
  const { rows } = await client.query<{ match_id: string }>(
    'select match_id from redemptions where id = $1',
    [id],
  );
  return rows[0]!;
}

/** At the placement of the code that was redeemed, an hour before another redemption. */
async function touch(redemptionId: string, matchId: string, before: string): Promise<void> {
  await client.query(
    `insert into touches (redeemer_partner_id, campaign_id, id, offer_id, placement_id, poster_partner_id, external_id, fingerprint,
                          kind, match_id, occurred_at)
     select r.redeemer_partner_id, r.campaign_id, $2::uuid, r.offer_id, r.placement_id, $3, ($2::uuid)::text, '\\x00', 'exposure', $4,
            known.occurred_at - interval '1 hour'
       from redemptions as r, redemptions as known
      where r.id = $1 and known.id = $5`,
    [redemptionId, randomUUID(), cafe.id, matchId, before],
  );
}

async function ask(query = ''): Promise<CreditsAnswer> {
  const { status, body } = await gym.finance.get(`${path}/attribution${query}`);
  expect(status).toBe(200);
  expect(creditsResponse.parse(body)).toEqual(body);
  return body as unknown as CreditsAnswer;
}

describe('GET /v1/campaigns/:id/attribution', () => {
  it('puts all models side by side for every placement', async () => {
    const { groups, ...answer } = await ask();
    expect(answer).toMatchObject({
      ...{ currency: 'EUR', groupBy: 'placement', models: ATTRIBUTION_MODELS, halfLifeDays: 7 },
      journeys: { all: 3, converting: 2, null: 1 },
      totals: { redemptions: '2', amount: eur('90.00') },
    });
    const row = (redemptions: string, amount: string) => ({ redemptions, amount: eur(amount) });
    expect(groups.map(({ label }) => label)).toEqual([
      '1: 10 %, Café, Till 1, counter',
      '1: 10 %, Café, Till 1, flyer',
    ]);
    const [counter, flyer] = groups.map(({ credits }) => credits);
    expect(flyer).toMatchObject({
      code_owner: row('1', '45.00'),
      first_touch: row('2', '90.00'),
      last_touch: row('1', '45.00'),
      linear: row('1.5', '67.50'),
      linear_distinct: row('1.5', '67.50'),
      position_based: row('1.5', '67.50'),
      shapley: row('1.5', '67.50'),
      // Removal effects 1 and 1/2, see below: two thirds.
      markov: row('1.333333', '60.00'),
    });
    expect(counter).toMatchObject({
      first_touch: row('0', '0.00'),
      linear: row('0.5', '22.50'),
      markov: row('0.666667', '30.00'),
    });
    // An hour is 1/168 of the half-life: 2^(-1/168) = 0.99588, so the flyer has 49.897 % of 45.00, and 45.00 besides.
    expect(flyer?.time_decay).toEqual(row(expect.stringMatching(/^1\.4989/) as unknown as string, '67.45'));
  });

  it('adds up to what the report says, by every model and in every grouping', async () => {
    const { body } = await gym.finance.get<ReportAnswer>(`${path}/report`);
    expect(body.figures.revenue).toMatchObject({ value: '90.00' });
    for (const groupBy of ['placement', 'channel', 'partner']) {
      const { groups, totals, models } = await ask(`?groupBy=${groupBy}`);
      expect(amountText(totals.amount)).toBe('90.00');
      for (const model of models) {
        const credits = groups.map(({ credits: given }) => given[model]!);
        expect(
          sumOf(credits.map((credit) => ('amount' in credit ? amountText(credit.amount) : 'none'))),
        ).toBe(90);
        expect(sumOf(credits.map((credit) => ('amount' in credit ? credit.redemptions : 'none')))).toBe(2);
      }
    }
  });

  it('says how the chain behaves: without the counter 1 of 2 redemptions is lost, without flyers both', async () => {
    const { diagnostics } = await ask('?models=markov,shapley');
    const parts = { redemptions: '2', journeys: '3' };
    expect(diagnostics.markov?.conversionProbability).toEqual({ value: '0.666667', unit: 'ratio', parts });
    const effects = diagnostics.markov?.removalEffects.map(({ effect }) => effect);
    expect(effects).toEqual([
      { value: '0.5', unit: 'ratio' },
      { value: '1', unit: 'ratio' },
    ]);
    // Flyers alone convert 1 of 2, with the counter 2 of 3. Counter: 1/2 (2/3 - 1/2) = 1/12; flyers: 1/2 (1/2) + 1/2 (2/3) = 7/12.
    expect(diagnostics.shapley?.rateEffects.map(({ effect }) => effect)).toEqual([
      { value: '0.083333', unit: 'ratio' },
      { value: '0.583333', unit: 'ratio' },
    ]);
  });

  it('credits channels and partners that hand codes out', async () => {
    const byChannel = await ask('?groupBy=channel&models=linear');
    expect(byChannel.groups).toEqual([
      {
        key: { partnerId: cafe.id, channelId: cafe.channelId },
        label: 'Café, Till 1',
        credits: { linear: { redemptions: '2', amount: eur('90.00') } },
      },
    ]);
    expect(byChannel.diagnostics).toEqual({});
    expect((await ask('?groupBy=partner&models=linear')).groups[0]).toMatchObject({
      key: { partnerId: cafe.id },
      label: 'Café',
    });
  });

  it('takes only the models that are asked for, each once, in their own order', async () => {
    const { models, groups } = await ask('?models=markov,first_touch,markov');
    expect(models).toEqual(['first_touch', 'markov']);
    expect(Object.keys(groups[0]!.credits)).toEqual(['first_touch', 'markov']);
  });

  it('has another half-life where that is asked for', async () => {
    // An hour is a half-life of 1/24 day: the flyer has a third of 45.00, and 45.00 besides.
    const { groups, halfLifeDays } = await ask(`?models=time_decay&halfLifeDays=${1 / 24}`);
    expect(halfLifeDays).toBeCloseTo(1 / 24);
    expect(groups[1]!.credits.time_decay).toMatchObject({ amount: eur('60.00') });
  });

  it.each([
    ['models=first_touch,best', '/models'],
    ['models=', '/models'],
    ['groupBy=day', '/groupBy'],
    ['halfLifeDays=0', '/halfLifeDays'],
    ['halfLifeDays=soon', '/halfLifeDays'],
    ['from=2025-06-10&to=2025-06-10', '/to'],
    ['from=2025-02-30', '/from'],
    ['until=2025-06-10', ''],
  ])('?%s is a faulty question', async (query, pointer) => {
    for (const file of ['attribution', 'attribution.csv']) {
      const { status, body } = await app.operator.get(`${path}/${file}?${query}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
    }
  });

  it('is for people of the participants, and for nobody else', async () => {
    expect((await gym.pos.get(`${path}/attribution`)).status).toBe(403);
    const stranger = await buildPartner(app.operator);
    for (const file of ['attribution', 'attribution.csv'])
      expect((await stranger.marketer.get(`${path}/${file}`)).status).toBe(404);
  });

  it('of a campaign without redemptions is zero, and says which ratios there are none of', async () => {
    const { status, body } = await gym.finance.get<CreditsAnswer>(`${empty}/attribution`);
    expect(status).toBe(200);
    expect(creditsResponse.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      journeys: { all: 0, converting: 0, null: 0 },
      totals: { redemptions: '0', amount: eur('0.00') },
      diagnostics: {
        markov: {
          conversionProbability: { undefined: 'no-journeys' },
          removalEffects: [{ effect: { undefined: 'no-redemptions' } }],
        },
        shapley: { rateEffects: [{ effect: { undefined: 'no-journeys' } }] },
      },
    });
    for (const model of ATTRIBUTION_MODELS)
      expect(body.groups[0]?.credits[model]).toEqual({ redemptions: '0', amount: eur('0.00') });
  });
});

describe('GET /v1/campaigns/:id/attribution.csv', () => {
  it('is one table: a row per group, the models side by side, the whole first', async () => {
    const { text, headers } = await gym.finance.get(`${path}/attribution.csv?models=linear,markov`);
    expect(headers.get('content-disposition')).toContain('campaign-attribution.csv');
    const rows = parse<Record<string, string>>(text, { columns: true });
    expect(rows).toMatchObject([
      { groupBy: 'total', 'linear redemptions': '2', 'markov amount': '90.00', 'removal effect': '' },
      { groupLabel: '1: 10 %, Café, Till 1, counter', 'linear amount': '22.50', 'removal effect': '0.5' },
      { groupLabel: '1: 10 %, Café, Till 1, flyer', 'markov amount': '60.00', 'markov undefined': '' },
    ]);
  });
});

function sumOf(decimals: readonly string[]): number {
  return decimals.reduce((sum, decimal) => sum + Math.round(Number(decimal) * 1e6), 0) / 1e6;
}
