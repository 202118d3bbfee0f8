import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attributed } from '../support/attributed.js';
import { approveBy, buildCodeWord, buildPartner, eur, type TestPartner } from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

/*
 * A café in Berlin sends its guests to a boutique (USD), a sushi bar (JPY) and a bookshop (KWD). The campaign is in EUR.
 * Rates as the bank publishes them: 1 EUR = 1.25 USD from 1 June and 1.28 from 8 June, 1 EUR = 160 JPY from 1 June,
 * 1 KWD = 3 EUR from 5 June; the last one is imported when all has been sold. So 1 USD = 0.80, later 0.78125 EUR; 1 JPY = 0.00625 EUR.
 *
 * Boutique, 10 %:           paid less discount             in EUR: net     discount
 *   2 June  100.00 USD      - 10.00 =    90.00 x 0.8              72.00        8.00
 *   6 June   50.55 USD      -  5.06 =    45.49 x 0.8              36.39        4.05   (5.055 is 5.06, 36.392, 4.048)
 *   9 June   64.00 USD      -  6.40 =    57.60 x 0.78125          45.00        5.00
 *   9 June   32.00 USD      -  3.20, returned completely              -           -
 * Sushi bar, 5.00 EUR off (800 JPY) from 20.00 EUR (3,200 JPY):
 *   3 June    4,000 JPY     -   800 =    3,200 x 0.00625          20.00        5.00
 *   3 June    3,199 JPY     refused: below the minimum                -           -
 * Bookshop, 10 %:
 *   5 June   12.345 KWD     - 1.234 =   11.111 x 3                33.33        3.70   (1.2345 is 1.234, 33.333, 3.702)
 *                                                                206.72       25.75
 * Costs: flyers 100.00 EUR, posters 60.00 USD on 3 June = 48.00 EUR. cost = 148.00 + 25.75 = 173.75.
 * roi = 206.72 / 173.75 = 1.189755...; two of the customers are new: cac = 173.75 / 2 = 86.875 = 86.88.
 * All receipts: boutique 10 of 1,000.00 USD on 2 June = 800.00 EUR and 4 of 200.00 USD on 9 June = 156.25, sushi bar 8 of
 * 48,000 JPY on 3 June = 300.00, bookshop 2 of 30.000 KWD on 5 June = 90.00: 24 of 1,346.25 EUR. With codes on these days: 4 of
 * 170.33 EUR. promo rating = 4 / 24 = 16.666667 %; other receipts (1,346.25 - 170.33) / 20 = 58.796 = 58.80.
 */
type Figure = { value?: string; undefined?: string; verdict?: string; parts?: Record<string, string> };
type Figures = Record<string, Figure>;
interface Report {
  readonly figures: Figures;
  readonly rates?: { from: string; rate: string; firstDay: string; lastDay: string; imported: object }[];
  readonly groups?: { label: string; figures: Figures }[];
}

const june = (day: number) => `2026-06-0${day}T12:00:00+02:00`;
const money = (amount: string, currency: string) => ({ amount, currency });

describe('a café sends its guests to three partners abroad', () => {
  let app: TestApp;
  let cafe: TestPartner;
  let boutique: TestPartner;
  let sushi: TestPartner;
  let books: TestPartner;
  let campaignId: string;

  const report = async (query = ''): Promise<Report> => {
    await attributed(app.databaseUrl);
    return (await cafe.finance.get<Report>(`/v1/campaigns/${campaignId}/report${query}`)).body;
  };
  const importRates = (csv: string) =>
    app.operator.must(
      200,
      app.operator.send('PUT', '/v1/exchange-rates.csv', csv, { 'content-type': 'text/csv' }),
    );
  const sell = async (
    { pos, channelId }: TestPartner,
    [externalId, code, day, paid]: readonly [string, string, number, { amount: string; currency: string }],
    customer?: string,
  ) => {
    const answer = await pos.must<{ status: string; reason?: string; discount: { amount: string } | null }>(
      201,
      pos.post('/v1/redemptions', {
        ...{ externalId, code, channelId, occurredAt: june(day), offline: true },
        receipt: { number: externalId, subtotal: paid },
        ...(customer && { customer: { reference: customer } }),
      }),
    );
    return answer.reason ?? answer.discount?.amount;
  };

  beforeAll(async () => {
    app = await testApp();
    cafe = await buildPartner(app.operator, { name: 'Café' });
    boutique = await buildPartner(app.operator, { name: 'Boutique', country: 'US', currency: 'USD' });
    sushi = await buildPartner(app.operator, { name: 'Sushi', country: 'JP', currency: 'JPY' });
    books = await buildPartner(app.operator, { name: 'Books', country: 'KW', currency: 'KWD' });
    await importRates(
      'from,to,date,rate\nEUR,USD,2026-06-01,1.25\nEUR,USD,2026-06-08,1.28\nEUR,JPY,2026-06-01,160\n',
    );
    const offer = (redeemer: TestPartner, terms: object) => ({
      ...{ issuerPartnerId: cafe.id, redeemerPartnerId: redeemer.id, ...terms },
    });
    const tenPercent = { reward: { kind: 'percent', value: '10' } };
    const fiveOff = { reward: { kind: 'amount', value: eur('5.00') }, minimumSpend: eur('20.00') };
    const partners = [cafe, boutique, sushi, books];
    const campaign = await app.operator.must<{ id: string; offers: { id: string }[] }>(
      201,
      app.operator.post('/v1/campaigns', {
        ...{ name: 'Abroad', kind: 'cultural', currency: 'EUR', timeZone: 'Europe/Berlin' },
        ...{ startsOn: '2026-06-01', endsOn: '2026-06-30' },
        offlinePolicy: { mode: 'accept', maxDelayHours: 100_000 },
        participants: partners.map(({ id }) => ({ partnerId: id, role: 'equal' })),
        offers: [offer(boutique, tenPercent), offer(sushi, fiveOff), offer(books, tenPercent)],
      }),
    );
    campaignId = campaign.id;
    for (const partner of partners) await approveBy(partner, campaignId);
    for (const [index, word] of ['BOUTIQUE', 'SUSHI', 'BOOKS'].entries())
      await buildCodeWord(cafe, campaign.offers[index]!.id, word);
    await postTotals();
    await postCosts();
  });

  afterAll(() => app?.stop());

  async function postTotals(): Promise<void> {
    const put = ({ pos, channelId }: TestPartner, date: string, receipts: number, revenue: object) =>
      pos.must(200, pos.put('/v1/receipt-totals', { items: [{ channelId, date, receipts, revenue }] }));
    await put(boutique, '2026-06-02', 10, money('1000.00', 'USD'));
    await put(boutique, '2026-06-09', 4, money('200.00', 'USD'));
    await put(sushi, '2026-06-03', 8, money('48000', 'JPY'));
    await put(books, '2026-06-05', 2, money('30.000', 'KWD'));
  }

  async function postCosts(): Promise<void> {
    const post = (payer: TestPartner, category: string, amount: object, incurredOn: string) =>
      payer.finance.must(
        201,
        payer.finance.post(`/v1/campaigns/${campaignId}/costs`, {
          ...{ category, payerPartnerId: payer.id, amount, incurredOn },
        }),
      );
    await post(cafe, 'flyers', eur('100.00'), '2026-06-02');
    await post(boutique, 'posters', money('60.00', 'USD'), '2026-06-03');
  }

  it('each till is answered in its own currency', async () => {
    const answers = [
      await sell(boutique, ['b1', 'boutique', 2, money('100.00', 'USD')], 'ann'),
      await sell(boutique, ['b2', 'boutique', 6, money('50.55', 'USD')]),
      await sell(boutique, ['b3', 'boutique', 9, money('64.00', 'USD')]),
      await sell(boutique, ['b4', 'boutique', 9, money('32.00', 'USD')]),
      await sell(sushi, ['s1', 'sushi', 3, money('4000', 'JPY')], 'emi'),
      await sell(sushi, ['s2', 'sushi', 3, money('3199', 'JPY')]),
      await sell(books, ['k1', 'books', 5, money('12.345', 'KWD')]),
    ];
    expect(answers).toEqual(['10.00', '5.06', '6.40', '3.20', '800', 'receipt.below-minimum', '1.234']);
    const back = { externalId: 'back', redemptionExternalId: 'b4', reason: 'returned', occurredAt: june(9) };
    await boutique.pos.must(201, boutique.pos.post('/v1/reversals', back));
  });

  it('as long as nobody has told what a dinar is, the sums of money have no value, and the counts have', async () => {
    const { figures } = await report();
    expect(figures).toMatchObject({
      acceptedRedemptions: { value: '5' },
      promoReceipts: { value: '5' },
      promoRating: { value: '16.666667' },
      newCustomers: { value: '2' },
      // 206.72 - 33.33 and 25.75 - 3.70
      revenue: {
        undefined: 'no-exchange-rate',
        parts: { receiptsWithoutRate: '1', convertedRevenue: '173.39' },
      },
      discountGiven: {
        undefined: 'no-exchange-rate',
        parts: { redemptionsWithoutRate: '1', convertedDiscount: '22.05' },
      },
      roi: { undefined: 'no-exchange-rate' },
    });
  });

  it('once it is told, every figure is what a pencil says', async () => {
    await importRates('from,to,date,rate\nKWD,EUR,2026-06-05,3.0\n');
    const { figures } = await report();
    expect(figures).toMatchObject({
      revenue: { value: '206.72' },
      discountGiven: { value: '25.75' },
      cost: { value: '173.75', parts: { costEntries: '148.00', discountGiven: '25.75' } },
      roi: { value: '1.189755', verdict: 'paid_off' },
      cac: { value: '86.88' },
      allReceipts: { value: '24' },
      promoRating: { value: '16.666667', parts: { promoReceipts: '4', allReceipts: '24' } },
      averageOtherReceipt: { value: '58.80', parts: { otherRevenue: '1175.92', otherReceipts: '20' } },
      refusals: { value: '1' },
    });
  });

  it('partners and days add up to it, because each fact was rounded once', async () => {
    const { groups } = await report('?groupBy=partner');
    const revenues = Object.fromEntries(
      (groups ?? []).map(({ label, figures }) => [label, figures['revenue']?.value]),
    );
    expect(revenues).toEqual({ Boutique: '153.39', Books: '33.33', Sushi: '20.00' });
    const days = (await report('?groupBy=day')).groups ?? [];
    const cents = days.map(({ figures }) => BigInt(figures['revenue']!.value!.replace('.', '')));
    expect(cents.reduce((sum, one) => sum + one, 0n)).toBe(206_72n);
  });

  it('says at which rates, and that they were published the other way round', async () => {
    const { rates } = await report();
    expect(rates?.map(({ from, rate, firstDay, lastDay }) => [from, rate, firstDay, lastDay])).toEqual([
      ['USD', '0.8', '2026-06-02', '2026-06-06'],
      ['JPY', '0.00625', '2026-06-03', '2026-06-03'],
      ['KWD', '3', '2026-06-05', '2026-06-05'],
      ['USD', '0.78125', '2026-06-09', '2026-06-09'],
    ]);
    expect(rates?.[0]?.imported).toEqual({ from: 'EUR', to: 'USD', date: '2026-06-01', rate: '1.25' });
  });

  it('says the same a year later, whatever was imported since', async () => {
    const before = await report();
    await importRates(
      'from,to,date,rate\nEUR,USD,2026-06-01,9\nUSD,EUR,2026-06-02,9\nEUR,JPY,2026-06-03,9\nKWD,EUR,2026-06-05,9\n',
    );
    expect(await report()).toEqual(before);
  });
});
