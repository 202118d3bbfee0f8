import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { attributed } from '../support/attributed.js';
import {
  buildCampaign,
  buildCodeWord,
  buildPartner,
  buildRedemption,
  daysFromNow,
  type TestPartner,
} from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

interface Figure {
  readonly value?: string;
  readonly undefined?: string;
  readonly parts?: Record<string, string>;
}
interface Report {
  readonly figures: Record<string, Figure>;
  readonly rates?: { from: string; rate: string; imported: object }[];
}
interface Redeemed {
  readonly status: string;
  readonly reason?: string;
  readonly code?: string;
  readonly discount?: { amount: string; currency: string };
}

let app: TestApp;
let client: pg.Client;
let issuer: TestPartner;

beforeAll(async () => {
  app = await testApp();
  client = new pg.Client({ connectionString: app.databaseUrl });
  await client.connect();
  issuer = await buildPartner(app.operator);
});

afterAll(async () => {
  await client?.end();
  await app?.stop();
});

let words = 0;

/** A campaign in EUR with a redeemer in another currency, and a word for it. */
async function buildForeign(currency: string, offer: object = {}, fields: object = {}) {
  // UTC, so that days are those of daysFromNow at any time of the day.
  const redeemer = await buildPartner(app.operator, { currency, timeZone: 'UTC' });
  const campaign = await buildCampaign(app.operator, {
    ...{ issuer, redeemer },
    offer: { ...offer },
    fields: { timeZone: 'UTC', offlinePolicy: { mode: 'accept', maxDelayHours: 2_000 }, ...fields },
  });
  words += 1;
  const word = `FOREIGN${words}`;
  await buildCodeWord(issuer, campaign.offerIds[0]!, word);
  return { redeemer, campaignId: campaign.id, word };
}

const importRates = (...items: { from: string; to: string; date: string; rate: string }[]) =>
  app.operator.must(201, app.operator.post('/v1/exchange-rates', { items }));
const rate = (from: string, value: string, day = 0) => ({
  from,
  to: 'EUR',
  date: daysFromNow(day),
  rate: value,
});
const redeem = (redeemer: TestPartner, word: string, amount: string, currency: string, fields: object = {}) =>
  redeemer.pos.post<Redeemed>(
    '/v1/redemptions',
    buildRedemption(redeemer, word, {
      ...fields,
      receipt: {
        number: `n-${Math.random()}`,
        subtotal: { amount, currency },
        ...(fields as { receipt?: object }).receipt,
      },
    }),
  );
async function report(partner: TestPartner, campaignId: string): Promise<Report> {
  await attributed(app.databaseUrl);
  return (await partner.finance.get<Report>(`/v1/campaigns/${campaignId}/report`)).body;
}

/** Each test has a currency of its own: rates are for everybody. */
describe('a redemption in the currency of the redeemer', () => {
  it.each([
    ['SEK', '0.1', '500.00', '50.00', '5.00', '45.00'],
    ['JPY', '0.00625', '8000', '800', '5.00', '45.00'],
    ['KWD', '3', '10.005', '1.000', '3.00', '27.02'],
  ])(
    '%s gets its discount in it and counts in euros',
    async (currency, value, paid, discount, given, revenue) => {
      const { redeemer, campaignId, word } = await buildForeign(currency);
      await importRates(rate(currency, value));
      const answer = await redeem(redeemer, word, paid, currency);
      expect(answer.body).toMatchObject({ status: 'accepted', discount: { amount: discount, currency } });
      const { figures, rates } = await report(redeemer, campaignId);
      expect(figures).toMatchObject({ discountGiven: { value: given }, revenue: { value: revenue } });
      expect(rates).toEqual([expect.objectContaining({ from: currency, to: 'EUR', rate: value })]);
    },
  );

  it('in a third currency is refused with 422, and nothing is stored', async () => {
    const { redeemer, word } = await buildForeign('NOK');
    const answer = await redeem(redeemer, word, '10.00', 'GBP');
    expect([answer.status, answer.body.code]).toEqual([422, 'currency.mismatch']);
    expect((await redeemer.pos.get<{ items: unknown[] }>('/v1/redemptions')).body.items).toEqual([]);
  });

  it('may as well be in euros, which need no rate', async () => {
    const { redeemer, campaignId, word } = await buildForeign('NOK', {
      reward: { kind: 'amount', value: { amount: '5.00', currency: 'EUR' } },
    });
    const answer = await redeem(redeemer, word, '50.00', 'EUR');
    expect(answer.body).toMatchObject({ status: 'accepted', discount: { amount: '5.00', currency: 'EUR' } });
    expect((await report(redeemer, campaignId)).figures).toMatchObject({ revenue: { value: '45.00' } });
  });

  it('gets an amount, a minimum and a maximum as of the day, and takes the budget in euros', async () => {
    // 1 CHF = 0.80 EUR: 4.00 EUR off are 5.00 CHF; a minimum of 40.00 EUR is 50.00 CHF; 8.00 EUR are two of them.
    await importRates(rate('CHF', '0.8'));
    const { redeemer, word } = await buildForeign(
      'CHF',
      {
        reward: { kind: 'amount', value: { amount: '4.00', currency: 'EUR' } },
        minimumSpend: { amount: '40.00', currency: 'EUR' },
      },
      { budget: { total: { amount: { amount: '8.00', currency: 'EUR' } } } },
    );
    const outcomes = [];
    for (const amount of ['49.99', '50.00', '50.00', '50.00'])
      outcomes.push((await redeem(redeemer, word, amount, 'CHF')).body);
    expect(outcomes.map(({ reason, discount }) => reason ?? discount?.amount)).toEqual([
      ...['receipt.below-minimum', '5.00', '5.00', 'budget.exhausted'],
    ]);
    const validation = await redeemer.pos.post('/v1/validations', {
      ...{ code: word, channelId: redeemer.channelId },
      receipt: { number: 'v', subtotal: { amount: '50.00', currency: 'CHF' } },
    });
    expect(validation.body).toMatchObject({ valid: false, reason: 'budget.exhausted' });
  });

  it('gives back to the budget exactly what it took, in parts that add up', async () => {
    // 1 DKK = 0.13 EUR: 10 % of 10.05 DKK are 1.00 DKK (half-even of 1.005) = 0.13 EUR; three returns of 3.00, 3.00, 3.05.
    await importRates(rate('DKK', '0.13'));
    const budget = { total: { amount: { amount: '1000.00', currency: 'EUR' } } };
    const { redeemer, campaignId, word } = await buildForeign('DKK', {}, { budget });
    const post = buildRedemption(redeemer, word, {
      receipt: { number: 'returned', subtotal: { amount: '10.05', currency: 'DKK' } },
    });
    await redeemer.pos.must(201, redeemer.pos.post('/v1/redemptions', post));
    const spent = async () =>
      (
        await client.query<{ spent: string }>(
          'select spent from offer_counters where redeemer_partner_id = $1',
          [redeemer.id],
        )
      ).rows[0]?.spent;
    expect(await spent()).toBe('13');
    for (const [index, amount] of ['3.00', '3.00', '3.05'].entries()) {
      const reversal = {
        ...{ externalId: `back-${index}`, redemptionExternalId: post['externalId'], reason: 'returned' },
        ...{ amount: { amount, currency: 'DKK' }, occurredAt: new Date().toISOString() },
      };
      await redeemer.pos.must(201, redeemer.pos.post('/v1/reversals', reversal));
    }
    expect(await spent()).toBe('0');
    expect((await report(redeemer, campaignId)).figures).toMatchObject({
      acceptedRedemptions: { value: '0' },
      revenue: { value: '0.00' },
      discountGiven: { value: '0.00' },
    });
  });

  it('stores the rate it was decided at', async () => {
    await importRates({ from: 'EUR', to: 'HUF', date: daysFromNow(0), rate: '400' });
    const { redeemer, word } = await buildForeign('HUF');
    await redeem(redeemer, word, '4000.00', 'HUF');
    const { rows } = await client.query(
      'select exchange_rate::text as rate, currency from redemptions where redeemer_partner_id = $1',
      [redeemer.id],
    );
    expect(rows).toEqual([{ rate: '0.0025', currency: 'HUF' }]);
  });
});

describe('without a rate', () => {
  it('money terms are answered 422 with nothing stored, and decided once the rate is there', async () => {
    const reward = { kind: 'amount', value: { amount: '5.00', currency: 'EUR' } };
    const { redeemer, word } = await buildForeign('PLN', { reward });
    const post = buildRedemption(redeemer, word, {
      receipt: { number: 'waits', subtotal: { amount: '50.00', currency: 'PLN' } },
    });
    const first = await redeemer.pos.post<Redeemed>('/v1/redemptions', post);
    expect([first.status, first.body.code]).toEqual([422, 'currency.no-rate']);
    const question = { code: word, channelId: redeemer.channelId, receipt: post['receipt'] };
    expect((await redeemer.pos.post<Redeemed>('/v1/validations', question)).body.code).toBe(
      'currency.no-rate',
    );
    expect((await redeemer.pos.post<Redeemed>('/v1/reservations', question)).body.code).toBe(
      'currency.no-rate',
    );
    expect((await redeemer.pos.get<{ items: unknown[] }>('/v1/redemptions')).body.items).toEqual([]);
    await importRates(rate('PLN', '0.25'));
    const second = await redeemer.pos.post<Redeemed>('/v1/redemptions', post);
    expect(second.body).toMatchObject({ status: 'accepted', discount: { amount: '20.00', currency: 'PLN' } });
    expect((await redeemer.pos.post<Redeemed>('/v1/redemptions', post)).body).toEqual(second.body);
  });

  it('in a batch concerns its own item alone', async () => {
    const reward = { kind: 'amount', value: { amount: '5.00', currency: 'EUR' } };
    const { redeemer, word } = await buildForeign('RON', { reward });
    const items = ['RON', 'EUR', 'RON'].map((currency) =>
      buildRedemption(redeemer, word, {
        receipt: { number: `b-${currency}-${Math.random()}`, subtotal: { amount: '50.00', currency } },
      }),
    );
    const { results } = await redeemer.pos.must<{ results: { status?: string; error?: { code: string } }[] }>(
      200,
      redeemer.pos.post('/v1/redemptions/batch', { items }),
    );
    expect(results.map(({ status, error }) => status ?? error?.code)).toEqual([
      ...['currency.no-rate', 'accepted', 'currency.no-rate'],
    ]);
    const { rows } = await client.query('select uses from offer_counters where redeemer_partner_id = $1', [
      redeemer.id,
    ]);
    expect(rows).toEqual([{ uses: 1 }]);
  });

  it('a percentage is accepted; what it is in euros is undefined until the rate comes, and then as if it had been there', async () => {
    const early = await buildForeign('MXN');
    const late = await buildForeign('BRL');
    await importRates(rate('MXN', '0.05'));
    const run = async ({ redeemer, word }: typeof early, currency: string) => {
      const sold = ['100.10', '33.33'].map((amount, index) => ({
        ...buildRedemption(redeemer, word, { customer: { reference: `c${index}` } }),
        externalId: `sold-${index}`,
        receipt: {
          number: `p-${index}`,
          subtotal: { amount, currency },
          costOfGoods: { amount: '20.00', currency },
        },
      }));
      for (const post of sold) {
        const answer = await redeemer.pos.post<Redeemed>('/v1/redemptions', post);
        expect(answer.body).toMatchObject({ status: 'accepted' });
      }
      await redeemer.pos.must(
        201,
        redeemer.pos.post('/v1/reversals', {
          ...{ externalId: 'part', redemptionExternalId: 'sold-0', reason: 'returned' },
          ...{ amount: { amount: '10.00', currency }, occurredAt: new Date().toISOString() },
        }),
      );
    };
    await run(early, 'MXN');
    await run(late, 'BRL');
    const before = (await report(late.redeemer, late.campaignId)).figures;
    expect(before).toMatchObject({
      acceptedRedemptions: { value: '2' },
      newCustomers: { value: '2' },
      revenue: {
        undefined: 'no-exchange-rate',
        parts: { receiptsWithoutRate: '2', convertedRevenue: '0.00' },
      },
      discountGiven: { undefined: 'no-exchange-rate', parts: { redemptionsWithoutRate: '2' } },
      margin: { undefined: 'no-exchange-rate' },
      cost: { undefined: 'no-exchange-rate' },
      roi: { undefined: 'no-exchange-rate' },
      cac: { undefined: 'no-exchange-rate' },
      averageReceipt: { undefined: 'no-exchange-rate' },
    });
    await importRates(rate('BRL', '0.05'));
    const healed = (await report(late.redeemer, late.campaignId)).figures;
    const told = (await report(early.redeemer, early.campaignId)).figures;
    expect(healed).toEqual(told);
    expect(told['revenue']).toHaveProperty('value');
    expect(told['margin']).toHaveProperty('value');
  });

  it('facts of others are not touched', async () => {
    const redeemers = [await buildForeign('ZAR'), await buildForeign('INR')];
    await importRates(rate('INR', '0.01'));
    for (const [index, { redeemer, word }] of redeemers.entries())
      await redeem(redeemer, word, '100.00', index === 0 ? 'ZAR' : 'INR');
    expect((await report(issuer, redeemers[1]!.campaignId)).figures).toMatchObject({
      revenue: { value: '0.90' },
    });
    expect((await report(issuer, redeemers[0]!.campaignId)).figures).toMatchObject({
      revenue: { undefined: 'no-exchange-rate' },
    });
  });
});

describe('a correction of a rate', () => {
  it('changes no report, and counts for days that were not used', async () => {
    const { redeemer, campaignId, word } = await buildForeign('ILS');
    await importRates(rate('ILS', '0.25', -1));
    const yesterday = { occurredAt: `${daysFromNow(-1)}T10:00:00Z`, offline: true };
    await redeem(redeemer, word, '100.00', 'ILS', yesterday);
    const before = await report(redeemer, campaignId);
    await importRates(rate('ILS', '0.5', -1), rate('ILS', '0.4', 0));
    await redeem(redeemer, word, '100.00', 'ILS', yesterday);
    await redeem(redeemer, word, '100.00', 'ILS', {
      occurredAt: `${daysFromNow(0)}T00:00:01Z`,
      offline: true,
    });
    expect(before.figures['revenue']).toMatchObject({ value: '22.50' });
    // Two of yesterday at 0.25 and one of today at 0.4: 22.50 + 22.50 + 36.00
    expect((await report(redeemer, campaignId)).figures['revenue']).toMatchObject({ value: '81.00' });
  });
});

describe('receipts and costs in other currencies', () => {
  it('are converted at the rates of their days', async () => {
    // 1 TRY = 0.02 EUR yesterday, 0.03 today. Code: 1,000.00 - 100.00 = 900.00 TRY today = 27.00 EUR.
    // All receipts: yesterday 10 of 500.00 in all = 10.00 EUR; today 5 of 5,000.00 in all = 150.00 EUR.
    // Others: (160.00 - 27.00) / (15 - 1) = 9.50. Costs: 50.00 USD at 0.8 = 40.00, discount 100.00 TRY = 3.00.
    const { redeemer, campaignId, word } = await buildForeign('TRY');
    const totals = [-1, 0].map((day) => ({
      ...{ channelId: redeemer.channelId, date: daysFromNow(day) },
      receipts: day === 0 ? 5 : 10,
      revenue: { amount: day === 0 ? '5000.00' : '500.00', currency: 'TRY' },
    }));
    await redeemer.pos.must(200, redeemer.pos.put('/v1/receipt-totals', { items: totals }));
    const cost = {
      ...{ category: 'flyers', payerPartnerId: issuer.id, incurredOn: daysFromNow(0) },
      amount: { amount: '50.00', currency: 'USD' },
    };
    await issuer.finance.must(201, issuer.finance.post(`/v1/campaigns/${campaignId}/costs`, cost));
    await redeem(redeemer, word, '1000.00', 'TRY');
    const before = (await report(redeemer, campaignId)).figures;
    expect(before).toMatchObject({
      allReceipts: { value: '15' },
      averageOtherReceipt: {
        undefined: 'no-exchange-rate',
        parts: { channelDaysWithoutRate: '2', receiptsWithoutRate: '1' },
      },
      cost: { undefined: 'no-exchange-rate', parts: { costsWithoutRate: '2', convertedCost: '0.00' } },
    });
    await importRates(rate('TRY', '0.02', -1), rate('TRY', '0.03'), rate('USD', '0.8'));
    const { figures, rates } = await report(redeemer, campaignId);
    expect(figures).toMatchObject({
      revenue: { value: '27.00' },
      averageOtherReceipt: { value: '9.50' },
      cost: { value: '43.00', parts: { costEntries: '40.00', discountGiven: '3.00' } },
    });
    expect(rates?.map(({ from, rate: value }) => `${from} ${value}`)).toEqual([
      'TRY 0.02',
      'TRY 0.03',
      'USD 0.8',
    ]);
    await importRates(rate('TRY', '9', -1), rate('TRY', '9'), rate('USD', '9'));
    expect((await report(redeemer, campaignId)).figures).toEqual(figures);
  });

  it('a posted receipt says what was charged, also for a redemption in euros', async () => {
    // Charged: 8,000 ISK at 0.006 EUR = 48.00 EUR on a redemption of 50.00 EUR less 5.00.
    const { redeemer, campaignId, word } = await buildForeign('ISK');
    const number = 'posted';
    await redeem(redeemer, word, '50.00', 'EUR', { receipt: { number } });
    expect((await report(redeemer, campaignId)).figures).toMatchObject({ revenue: { value: '45.00' } });
    const receipt = {
      ...{
        externalId: 'posted',
        channelId: redeemer.channelId,
        number,
        occurredAt: new Date().toISOString(),
      },
      total: { amount: '8000', currency: 'ISK' },
    };
    await redeemer.pos.must(200, redeemer.pos.post('/v1/receipts/batch', { items: [receipt] }));
    expect((await report(redeemer, campaignId)).figures).toMatchObject({
      revenue: { undefined: 'no-exchange-rate' },
      discountGiven: { value: '5.00' },
    });
    await importRates(rate('ISK', '0.006'));
    expect((await report(redeemer, campaignId)).figures).toMatchObject({ revenue: { value: '48.00' } });
  });
});

describe('the statements of a decision', () => {
  const watched: string[] = [];

  function watch(): void {
    const send = pg.Client.prototype.query as (...args: unknown[]) => unknown;
    jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: unknown, ...args: unknown[]) {
      const statement = args[0] as string | { name?: string; text: string };
      if ((this as { pipeline: boolean }).pipeline)
        watched.push(typeof statement === 'string' ? statement : (statement.name ?? statement.text));
      return send.apply(this, args);
    });
  }

  it('are one more for a currency and day that are new, and none for known ones', async () => {
    const { redeemer, word } = await buildForeign('AUD');
    await importRates(rate('AUD', '0.6'));
    watch();
    const counts: number[] = [];
    for (const currency of ['EUR', 'AUD', 'AUD', 'AUD', 'EUR']) {
      watched.length = 0;
      expect((await redeem(redeemer, word, '50.00', currency)).body.status).toBe('accepted');
      counts.push(watched.filter((name) => name.startsWith('day_rates')).length);
    }
    jest.restoreAllMocks();
    // The second still asks: what the first fixed had not committed when it was answered.
    expect(counts).toEqual([0, 1, 1, 0, 0]);
  });
});
