import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attributed } from '../support/attributed.js';
import { buildCampaign, buildCodeWord, buildPartner, eur, type TestPartner } from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

/*
 * The worked example of the metrics document, by hand.
 * Campaign 1-30 June, EUR. The café issues, the gym redeems, code word CAFE10, 10 %.
 * Gym, June: 30 days x 40 = 1,200 receipts in all.
 * 46 receipts of 50.00, two of them with two codes: 48 accepted redemptions. One single-code receipt is fully returned:
 * 47 redemptions on 45 receipts. Gross 45 x 50.00 = 2,250.00; discount 45 x 5.00 = 225.00 (the tills split the 5.00 of a
 * two-code receipt into 2.50 + 2.50); net 2,025.00.
 * Customers: 18 new, 20 with a receipt in May, 9 redemptions without a customer (both second codes among them).
 * Costs: 180.00 + 45.00 actual, 60.00 planned. cost = 180 + 45 + 225 = 450.00
 * roi = 2,025 / 450 = 4.5; promo rating = 45 / 1,200 = 3.75 %; cac = 450 / 18 = 25.00; average receipt = 2,025 / 45 = 45.00.
 * With a margin of 20 %: income 405.00, roi 0.9: failed.
 */
type Figures = Record<
  string,
  {
    value?: string;
    unit?: string;
    undefined?: string;
    verdict?: string;
    basis?: string;
    parts?: Record<string, string>;
  }
>;
type Report = { incomeBasis: string; figures: Figures };

const june = (day: number, hour = 12) =>
  `2026-06-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00+02:00`;

describe('the worked example: a café sends its guests to a gym in June', () => {
  let app: TestApp;
  let cafe: TestPartner;
  let gym: TestPartner;
  let campaignId: string;

  beforeAll(async () => {
    app = await testApp();
    ({ cafe, gym, campaignId } = await runJune(app, 'revenue'));
    await attributed(app.databaseUrl);
  });

  afterAll(() => app?.stop());

  it('earns 4.5 times its cost in revenue, so it paid off', async () => {
    const { body } = await gym.finance.get<Report>(`/v1/campaigns/${campaignId}/report`);
    expect(body.figures).toMatchObject({
      acceptedRedemptions: { value: '47', unit: 'count' },
      promoReceipts: { value: '45' },
      allReceipts: { value: '1200' },
      coverage: { value: '1', unit: 'ratio', parts: { coveredChannelDays: '30', channelDays: '30' } },
      promoRating: { value: '3.75', unit: '%', parts: { promoReceipts: '45', allReceipts: '1200' } },
      revenue: { value: '2025.00', unit: 'EUR' },
      discountGiven: { value: '225.00', unit: 'EUR' },
      margin: { value: '405.00', unit: 'EUR' },
      cost: { value: '450.00', unit: 'EUR' },
      income: { value: '2025.00', unit: 'EUR' },
      roi: { value: '4.5', unit: 'ratio', verdict: 'paid_off', basis: 'revenue' },
      roiPercent: { value: '350', unit: '%' },
      newCustomers: { value: '18' },
      returningCustomers: { value: '20' },
      cac: { value: '25.00', unit: 'EUR' },
      averageReceipt: { value: '45.00', unit: 'EUR' },
      redemptionRate: { undefined: 'shared-code' },
    });
    expect(body.figures['newCustomers']?.parts).toMatchObject({ unknown: '9' });
  });

  it('is the same seen by the other participant', async () => {
    const [ofGym, ofCafe] = await Promise.all(
      [gym, cafe].map((one) => one.marketer.get<Report>(`/v1/campaigns/${campaignId}/report`)),
    );
    // But for the profit of the gym's whole business, which is the gym's alone.
    const hidden = { undefined: 'not-shared' };
    const profits = { profitBefore: hidden, profitDuring: hidden, profitAfter: hidden };
    expect(ofCafe!.body).toEqual({ ...ofGym!.body, figures: { ...ofGym!.body.figures, ...profits } });
    // 27 April to 26 May: 17 receipts of 30.00 on 17 days, 510.00 x 20 % = 102.00.
    // 54,000.00 x 20 % - 450.00 = 10,350.00 in 30 days
    expect(ofGym!.body.figures).toMatchObject({
      profitBefore: { value: '6.00', parts: { margin: '102.00', days: '17' } },
      profitDuring: {
        value: '345.00',
        unit: 'EUR',
        parts: { margin: '10800.00', cost: '450.00', days: '30' },
      },
      profitAfter: { undefined: 'no-receipt-totals' },
    });
  });

  it('gives days that sum to the whole', async () => {
    const { body } = await gym.finance.get<{ groups: { figures: Figures }[] }>(
      `/v1/campaigns/${campaignId}/report?groupBy=day`,
    );
    const sum = (name: string) =>
      body.groups.reduce(
        (total, group) => total + Math.round(Number(group.figures[name]?.value ?? 0) * 100),
        0,
      ) / 100;
    expect([
      sum('acceptedRedemptions'),
      sum('promoReceipts'),
      sum('revenue'),
      sum('newCustomers'),
      sum('cost'),
    ]).toEqual([47, 45, 2025, 18, 450]);
  });

  it('fails on a margin of 20 %, when that is what the partners agreed to count', async () => {
    const other = await runJune(app, 'margin');
    await attributed(app.databaseUrl);
    const { body } = await other.gym.finance.get<Report>(`/v1/campaigns/${other.campaignId}/report`);
    expect(body.figures).toMatchObject({
      revenue: { value: '2025.00' },
      income: { value: '405.00', unit: 'EUR' },
      roi: { value: '0.9', verdict: 'failed', basis: 'margin' },
    });
  });
});

/** The whole June: partners, campaign, words, receipts, redemptions, the return and the costs. */
async function runJune(
  app: TestApp,
  incomeBasis: 'revenue' | 'margin',
): Promise<{ cafe: TestPartner; gym: TestPartner; campaignId: string }> {
  const cafe = await buildPartner(app.operator, { name: 'Café' });
  const gym = await buildPartner(app.operator, { name: 'Gym' }, { marginRate: '0.20' });
  const offlinePolicy = { mode: 'accept', maxDelayHours: 100_000 };
  const campaign = await buildCampaign(app.operator, {
    issuer: cafe,
    redeemer: gym,
    fields: { startsOn: '2026-06-01', endsOn: '2026-06-30', offlinePolicy, incomeBasis },
  });
  await buildCodeWord(cafe, campaign.offerIds[0]!, 'CAFE10');
  await buildCodeWord(cafe, campaign.offerIds[0]!, 'CAFE BONUS');
  await postMay(gym);
  await postJune(gym);
  await postCosts(campaign.id, cafe, gym);
  return { cafe, gym, campaignId: campaign.id };
}

/** Twenty customers were at the gym in May. */
async function postMay({ pos, channelId }: TestPartner): Promise<void> {
  const items = Array.from({ length: 20 }, (_, index) => ({
    externalId: `may-${index}`,
    channelId,
    number: `may-${index}`,
    occurredAt: `2026-05-${String(10 + index).padStart(2, '0')}T12:00:00+02:00`,
    total: eur('30.00'),
    customer: { reference: `returning-${index}` },
  }));
  await pos.must(200, pos.post('/v1/receipts/batch', { items }));
}

async function postJune({ pos, channelId }: TestPartner): Promise<void> {
  const receipts = Array.from({ length: 46 }, (_, index) => index);
  const reference = (index: number): string | null =>
    index < 18
      ? `new-${index}`
      : index < 38
        ? `returning-${index - 18}`
        : index === 45
          ? 'returned-the-goods'
          : null;
  const redemption = (index: number, code: string, discount: string, customer: string | null) => ({
    externalId: `june-${index}-${code}`,
    code,
    channelId,
    occurredAt: june(1 + (index % 30)),
    receipt: { number: `june-${index}`, subtotal: eur('50.00') },
    discount: eur(discount),
    ...(customer && { customer: { reference: customer } }),
    offline: true,
  });
  const first = receipts.map((index) =>
    redemption(index, 'cafe-10', index < 2 ? '2.50' : '5.00', reference(index)),
  );
  const second = [0, 1].map((index) => redemption(index, 'Café Bonus', '2.50', null));
  const { results } = await pos.must<{ results: { status: string }[] }>(
    200,
    pos.post('/v1/redemptions/batch', { items: [...first, ...second] }),
  );
  expect(results.map((result) => result.status)).toEqual(Array(48).fill('accepted'));
  const returned = {
    externalId: 'return-1',
    redemptionExternalId: 'june-45-cafe-10',
    reason: 'goods returned',
    occurredAt: june(20, 18),
  };
  await pos.must(201, pos.post('/v1/reversals', returned));
  const days = Array.from({ length: 30 }, (_, index) => ({
    channelId,
    date: june(index + 1).slice(0, 10),
    receipts: 40,
    revenue: eur('1800.00'),
  }));
  await pos.must(200, pos.put('/v1/receipt-totals', { items: days }));
}

async function postCosts(campaignId: string, cafe: TestPartner, gym: TestPartner): Promise<void> {
  const cost = (payer: TestPartner, fields: object) =>
    payer.finance.must(
      201,
      payer.finance.post(`/v1/campaigns/${campaignId}/costs`, {
        payerPartnerId: payer.id,
        incurredOn: '2026-06-02',
        ...fields,
      }),
    );
  await cost(cafe, { category: 'flyers', amount: eur('180.00') });
  await cost(gym, { category: 'staff', amount: eur('45.00') });
  await cost(gym, { category: 'flyers', amount: eur('60.00'), planned: true });
}
