import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../src/kernel/period.js';
import { formatRatio, ratio } from '../../src/kernel/ratio.js';
import type { ReportAnswer } from '../../src/reports/domain/report-answer.js';
import { upliftResponse, type UpliftResponse } from '../../src/uplift/uplift.dto.js';
import { attributed } from '../support/attributed.js';
import { buildCampaign, buildCodeWord, buildPartner, eur, type TestPartner } from '../support/programme.js';
import { buildSeries } from '../support/series-builders.js';
import { testApp, type TestApp } from '../support/test-app.js';

/*
 * A café sends guests to a gym for four weeks, 2 to 29 June 2025 (Monday to Sunday). Twelve weeks before, the gym sold for some
 * 100 a day at its front desk, more on Saturdays; its kiosk, which takes no codes, moved with the same town. In the campaign the
 * front desk sells for 30 more a day: 28 x 30 = 840. A margin of 50 % makes that 420 of profit, for 120 of cost.
 */
const STARTS_ON = '2025-06-02';
const ENDS_ON = '2025-06-29';
const WEEKS_BEFORE = 12;
const JUDGED_BY_UPLIFT = { incomeBasis: 'incremental_profit' };
const SHAPE = { before: WEEKS_BEFORE * 7, during: 28, effect: 30 };

describe('the uplift of a campaign', () => {
  let app: TestApp;
  let cafe: TestPartner;
  let gym: TestPartner;
  let kioskId: string;
  let campaignId: string;
  let path: string;

  const ask = async (partner: TestPartner, query = ''): Promise<UpliftResponse> =>
    partner.finance.must<UpliftResponse>(200, partner.finance.get(`${path}${query}`));

  beforeAll(async () => {
    app = await testApp();
    cafe = await buildPartner(app.operator, { name: 'Café' });
    gym = await buildPartner(app.operator, { name: 'Gym' }, { marginRate: '0.5' });
    kioskId = await addChannel(gym, 'Kiosk');
    campaignId = await runCampaign(app, cafe, gym, JUDGED_BY_UPLIFT);
    path = `/v1/campaigns/${campaignId}/uplift`;
    await postTotals(gym, kioskId);
    await attributed(app.databaseUrl);
  });

  afterAll(() => app?.stop());

  it('is an increase beyond doubt, with an interval that holds what was added', async () => {
    const answer = await ask(gym);
    expect(upliftResponse.parse(answer)).toEqual(answer);
    expect(answer).toMatchObject({
      ...{
        metric: 'revenue',
        unit: 'EUR',
        from: STARTS_ON,
        to: '2025-06-30',
        verdict: 'increase',
        because: [],
      },
      treatedChannelIds: [gym.channelId],
      controls: [{ channelIds: [kioskId] }],
      descriptive: { label: 'descriptive', before: { from: '2025-05-05', to: STARTS_ON, days: 28 } },
    });
    const { effect } = answer.counterfactual as { effect: { lower: string; upper: string } };
    expect(Number(effect.lower)).toBeGreaterThan(0);
    expect(Number(effect.lower)).toBeLessThan(840);
    expect(Number(effect.upper)).toBeGreaterThan(840);
    expect(answer.gates.map(({ name, result }) => `${name} ${result}`)).toEqual([
      'control passed',
      'pre-period passed',
      'counted-days passed',
      'fit passed',
      'placebo passed',
      'clean-control passed',
      'planned-channels passed',
    ]);
  });

  it('tells each day to the redeemer, and the days add up to the whole', async () => {
    const { series, counterfactual } = await ask(gym);
    expect(series).toHaveLength(28);
    expect(series[0]).toMatchObject({ day: STARTS_ON });
    expect(series.at(-1)).toMatchObject({
      day: ENDS_ON,
      cumulative: (counterfactual as { effect: { value: string } }).effect.value,
    });
  });

  it('is worth its cost by margin, and says how probable that is', async () => {
    const { profit } = await ask(gym);
    if ('undefined' in profit) throw new Error(profit.undefined);
    // 100.00 of flyers and 20 discounts of 1.00
    expect(profit.cost).toBe('120.00');
    const { probabilityOfPayingOff } = profit;
    expect('value' in probabilityOfPayingOff && Number(probabilityOfPayingOff.value)).toBeGreaterThan(0.95);
    const byProfit = await ask(gym, '?metric=profit');
    expect(byProfit.verdict).toBe('increase');
    if ('undefined' in byProfit.profit) throw new Error(byProfit.profit.undefined);
    expect(Number(byProfit.profit.netProfit.value)).toBeGreaterThan(0);
  });

  it('tells the other participant the effect, and nothing of single days or of the time before', async () => {
    const [own, others] = [await ask(gym), await ask(cafe)];
    expect(others.verdict).toBe('increase');
    expect((others.counterfactual as { effect: unknown }).effect).toEqual(
      (own.counterfactual as { effect: unknown }).effect,
    );
    expect(others).toMatchObject({
      ...{ series: [], treatedChannelIds: [], controls: [], descriptive: { undefined: 'not-shared' } },
    });
    expect(others.counterfactual).not.toHaveProperty('observed');
    expect(others.gates.every((gate) => gate.figures === undefined)).toBe(true);
    for (const query of ['?from=2025-06-03', '?to=2025-06-03', `?controls=${kioskId}`]) {
      expect((await cafe.finance.get(`${path}${query}`)).status).toBe(403);
    }
  });

  it.each([
    ['?from=2025-06-10&to=2025-06-10', '/to'],
    ['?from=2025-06-01', '/from'],
    ['?to=2025-07-15', '/to'],
    ['?metric=visits', '/metric'],
    ['?controls=kiosk', '/controls/0'],
    ['?controls=018f0000-0000-7000-8000-000000000000', '/controls'],
    ['?partnerId=018f0000-0000-7000-8000-000000000000', '/partnerId'],
  ])('%s is a faulty question', async (query, pointer) => {
    const { status, body } = await gym.finance.get(`${path}${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
  });

  it('stands in the report as profit before and during, told to the redeemer alone', async () => {
    const report = `/v1/campaigns/${campaignId}/report`;
    const { figures } = await gym.finance.must<ReportAnswer>(200, gym.finance.get(report));
    const { before, during } = profitsByHand();
    expect(figures).toMatchObject({
      profitBefore: { value: before, unit: 'EUR', parts: { cost: '0.00', days: '28' } },
      profitDuring: { value: during, parts: { cost: '120.00', days: '28' } },
      profitAfter: { undefined: 'no-receipt-totals' },
    });
    const others = await cafe.finance.must<ReportAnswer>(200, cafe.finance.get(report));
    expect(others.figures).toMatchObject({
      profitBefore: { undefined: 'not-shared' },
      profitDuring: { undefined: 'not-shared' },
    });
    const { figures: part } = await gym.finance.must<ReportAnswer>(
      200,
      gym.finance.get(`${report}?channelId=${gym.channelId}`),
    );
    expect(part.profitDuring).toEqual({ undefined: 'profit-not-allocated' });
  });

  it('is the income of a campaign that is judged by it', async () => {
    const report = `/v1/campaigns/${campaignId}/report`;
    const { profit } = await ask(gym, '?metric=profit');
    if ('undefined' in profit) throw new Error(profit.undefined);
    for (const partner of [gym, cafe]) {
      const { figures } = await partner.finance.must<ReportAnswer>(200, partner.finance.get(report));
      const { value, lower, upper } = profit.incrementalProfit;
      expect(figures.income).toEqual({ value, unit: 'EUR', parts: { lower, upper } });
      expect(figures.roi).toMatchObject({ basis: 'incremental_profit', verdict: 'paid_off' });
    }
    const { body } = await cafe.finance.get<ReportAnswer>(`${report}?to=2025-06-10`);
    expect(body.figures.income).toEqual({ undefined: 'not-shared' });
    const bare = await runCampaignAtNewGym(app, cafe, JUDGED_BY_UPLIFT);
    await postFew(bare);
    const few = await bare.gym.finance.get<ReportAnswer>(bare.path.replace('uplift', 'report'));
    expect(few.body.figures.income).toEqual({ undefined: 'no-margin-data' });
  });

  it('is for people, not for tills', async () => {
    expect((await gym.pos.get(path)).status).toBe(403);
  });

  it('is not measured without a control, too soon after the first count, or before a code was taken', async () => {
    const bare = await runCampaignAtNewGym(app, cafe);
    const { body: nothing } = await bare.gym.finance.get<UpliftResponse>(bare.path);
    expect(upliftResponse.parse(nothing)).toEqual(nothing);
    expect(nothing).toMatchObject({ verdict: 'not-measured', because: ['no-receipt-totals'], series: [] });
    const few = await bare.gym.finance.must<UpliftResponse>(200, postFew(bare));
    expect(few).toMatchObject({ verdict: 'not-measured' });
    expect(few.because).toEqual(expect.arrayContaining(['gate-control', 'gate-pre-period']));
    expect(upliftResponse.parse(few)).toEqual(few);
    expect(few.profit).toEqual({ undefined: 'no-margin-data' });
  });

  it('compares with channels of another participant when all have agreed to it in the terms', async () => {
    const terms = { controlChannels: [kioskId, cafe.channelId] };
    const bare = await runCampaignAtNewGym(app, cafe, { ...terms, controlChannels: [cafe.channelId] });
    const { body } = await bare.gym.finance.get<UpliftResponse>(bare.path);
    expect(body).toMatchObject({ controls: [{ channelIds: [cafe.channelId] }] });
    const foreign = await app.operator.post('/v1/campaigns', campaignBody(cafe, bare.gym, terms));
    expect(foreign.status).toBe(422);
    expect(foreign.body).toMatchObject({
      code: 'control.unknown',
      errors: [{ pointer: '/controlChannels/0' }],
    });
  });
});

async function addChannel(partner: TestPartner, name: string): Promise<string> {
  const channel = { kind: 'pos', name, marginRate: '0.5' };
  const { id } = await partner.admin.must(
    201,
    partner.admin.post(`/v1/partners/${partner.id}/channels`, channel),
  );
  return id!;
}

async function runCampaign(
  app: TestApp,
  cafe: TestPartner,
  gym: TestPartner,
  fields: Record<string, unknown> = {},
): Promise<string> {
  const { id, offerIds } = await buildCampaign(app.operator, {
    issuer: cafe,
    redeemer: gym,
    fields: {
      ...{ startsOn: STARTS_ON, endsOn: ENDS_ON },
      offlinePolicy: { mode: 'accept', maxDelayHours: 1_000_000 },
      ...fields,
    },
  });
  const word = `FIT ${id.slice(-8)}`;
  await buildCodeWord(cafe, offerIds[0]!, word);
  const items = Array.from({ length: 20 }, (_, index) => ({
    externalId: `${id}-${index}`,
    code: word,
    channelId: gym.channelId,
    occurredAt: `${addDays(STARTS_ON, index)}T12:00:00+02:00`,
    receipt: { number: `n-${index}`, subtotal: eur('10.00') },
    discount: eur('1.00'),
    offline: true,
  }));
  await gym.pos.must(200, gym.pos.post('/v1/redemptions/batch', { items }));
  const flyers = { category: 'flyers', amount: eur('100.00'), incurredOn: STARTS_ON };
  await cafe.finance.must(
    201,
    cafe.finance.post(`/v1/campaigns/${id}/costs`, { payerPartnerId: cafe.id, ...flyers }),
  );
  return id;
}

/** Half of what both tills sold, less 120.00 during the campaign, over 28 days; before and during are 28 days each. */
function profitsByHand(): { before: string; during: string } {
  const { observed, controls } = buildSeries(SHAPE);
  const cents = observed.map((value, index) => toCents(value) + toCents(controls[0]![index]!));
  const perDay = (days: readonly bigint[], cost: bigint): string => {
    const sum = days.reduce((total, value) => total + value, 0n);
    return formatRatio(ratio(sum - 2n * cost, 2n * 28n * 100n), 2);
  };
  return { before: perDay(cents.slice(-56, -28), 0n), during: perDay(cents.slice(-28), 120_00n) };
}

function toCents(value: number): bigint {
  return BigInt(value.toFixed(2).replace('.', ''));
}

async function postTotals(gym: TestPartner, kioskId: string): Promise<void> {
  const { observed, controls } = buildSeries(SHAPE);
  const first = addDays(STARTS_ON, -WEEKS_BEFORE * 7);
  const total = (channelId: string, value: number, index: number) => ({
    channelId,
    date: addDays(first, index),
    receipts: Math.round(value / 10),
    revenue: eur(value.toFixed(2)),
  });
  const items = [
    ...observed.map((value, index) => total(gym.channelId, value, index)),
    ...controls[0]!.map((value, index) => total(kioskId, value, index)),
  ];
  await gym.pos.must(200, gym.pos.put('/v1/receipt-totals', { items }));
}

interface BareGym {
  readonly gym: TestPartner;
  readonly path: string;
}

/** One till, no margin rate, no receipt totals yet. */
async function runCampaignAtNewGym(
  app: TestApp,
  cafe: TestPartner,
  fields: Record<string, unknown> = {},
): Promise<BareGym> {
  const gym = await buildPartner(app.operator, { name: 'New gym' });
  const id = await runCampaign(app, cafe, gym, fields);
  await attributed(app.databaseUrl);
  return { gym, path: `/v1/campaigns/${id}/uplift` };
}

/** Ten days before and ten of the campaign. */
async function postFew({ gym, path }: BareGym) {
  const items = Array.from({ length: 20 }, (_, index) => ({
    channelId: gym.channelId,
    date: addDays(STARTS_ON, index - 10),
    receipts: 10 + (index % 3),
    revenue: eur(`${100 + (index % 5)}.00`),
  }));
  await gym.pos.must(200, gym.pos.put('/v1/receipt-totals', { items }));
  return gym.finance.get(path);
}

function campaignBody(issuer: TestPartner, redeemer: TestPartner, fields: Record<string, unknown>) {
  return {
    ...{ name: 'June', kind: 'tactical', currency: 'EUR', timeZone: 'Europe/Berlin' },
    ...{ startsOn: STARTS_ON, endsOn: ENDS_ON },
    participants: [issuer, redeemer].map(({ id }) => ({ partnerId: id, role: 'equal' })),
    offers: [
      {
        issuerPartnerId: issuer.id,
        redeemerPartnerId: redeemer.id,
        reward: { kind: 'percent', value: '10' },
      },
    ],
    ...fields,
  };
}
