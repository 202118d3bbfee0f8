import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Answer, Api } from '../support/api.js';
import { attributed } from '../support/attributed.js';
import {
  approveBy,
  buildCampaign,
  buildPartner,
  buildRedemption,
  daysFromNow,
  eur,
  type TestCampaign,
  type TestPartner,
} from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

interface Coupon {
  readonly id: string;
  readonly code: string;
  readonly expiresAt: string;
  readonly expiresOn: string;
  readonly placementId: string;
  /** Of a problem. */
  readonly detail: string;
}
type Asked = Answer<Coupon & { readonly code: string }>;
interface Page {
  readonly items: Record<string, unknown>[];
  readonly nextCursor: string | null;
}

let app: TestApp;
let database: pg.Client;
let market: TestPartner;
let fuel: TestPartner;
let stranger: TestPartner;
let asked = 0;

beforeAll(async () => {
  app = await testApp();
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
  [market, fuel, stranger] = [
    await buildPartner(app.operator),
    await buildPartner(app.operator),
    await buildPartner(app.operator),
  ];
});

afterAll(async () => {
  await database?.end();
  await app?.stop();
});

/** A running campaign in which the market hands out coupons for the fuel station. */
async function running(
  issuance?: object,
  { offer = {}, fields = {} }: { offer?: object; fields?: object } = {},
): Promise<TestCampaign & { offerId: string }> {
  const terms = { ...offer, ...(issuance && { issuance }) };
  const campaign = await buildCampaign(app.operator, {
    issuer: market,
    redeemer: fuel,
    offer: terms,
    fields: { ...fields },
  });
  return { ...campaign, offerId: campaign.offerIds[0]! };
}

/** A request with a fresh externalId. */
function request(fields: object = {}): Record<string, unknown> {
  asked += 1;
  return { externalId: `i-${asked}`, channelId: market.channelId, ...fields };
}

/** As a till asks: again, when it is told to come back in a second. */
async function ask(
  offerId: string,
  body: object = request(),
  api: Api = market.pos,
  language = 'en',
): Promise<Asked> {
  for (;;) {
    const path = `/v1/offers/${offerId}/issuances`;
    const answer: Asked = await api.post(path, body, { 'accept-language': language });
    if (answer.status !== 503) return answer;
  }
}

const receipt = (number: string, amount: string) => ({ receipt: { number, total: eur(amount) } });
const told = ({ status, body }: Asked) => [status, body.code];
const parallel = (count: number, one: (turn: number) => Promise<Asked>): Promise<Asked[]> =>
  Promise.all(Array.from({ length: count }, (_, turn) => one(turn)));

async function inPool(offerId: string): Promise<string[]> {
  const { rows } = await database.query<{ display: string }>(
    'select display from pool_coupons where offer_id = $1 order by id',
    [offerId],
  );
  return rows.map(({ display }) => display);
}

/** New terms for the offer, approved by both. */
async function amend({ id, offerId }: { id: string; offerId: string }, issuance: object): Promise<void> {
  const { headers } = await app.operator.get(`/v1/campaigns/${id}`);
  const offers = [{ id: offerId, issuance }];
  const change = { 'if-match': headers.get('etag')! };
  expect((await app.operator.patch(`/v1/campaigns/${id}`, { offers }, change)).status).toBe(200);
  for (const partner of [market, fuel]) await approveBy(partner, id);
}

describe('a coupon for one customer', () => {
  it('is printed with its reward and last day, and shows in the list with its receipt', async () => {
    const { id: campaignId, offerId } = await running({ validDays: 3 });
    const body = request({ ...receipt('r-1', '12.30'), customer: { phone: '+49 30 1234567' } });
    const { status, body: coupon } = await ask(offerId, body);
    expect(status).toBe(201);
    expect(coupon).toEqual({
      ...{ id: expect.any(String), externalId: body['externalId'], offerId, campaignId },
      ...{ channelId: market.channelId, placementId: expect.any(String), issuedAt: expect.any(String) },
      code: expect.stringMatching(/^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{5}$/),
      reward: { kind: 'percent', value: '10' },
      expiresAt: expect.any(String),
      expiresOn: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    });
    const days = (Date.parse(coupon.expiresAt) - Date.now()) / 86_400_000;
    expect([days > 3 - 1 / 24, days < 4 + 1 / 24]).toEqual([true, true]);
    const list = await market.marketer.get<Page>(`/v1/offers/${offerId}/issuances`);
    expect(list.body.items).toEqual([{ ...coupon, receipt: { number: 'r-1', total: eur('12.30') } }]);
    expect(list.text).not.toContain('1234567');
  });

  it('is told to be valid as long as the campaign takes codes when the terms name no days', async () => {
    const fields = { endsOn: daysFromNow(5), redeemUntil: daysFromNow(9) };
    const { offerId } = await running(undefined, { fields });
    expect((await ask(offerId)).body.expiresOn).toBe(fields.redeemUntil);
    const long = await running({ validDays: 365 }, { fields });
    expect((await ask(long.offerId)).body.expiresOn).toBe(fields.redeemUntil);
  });

  it('is redeemed at the redeemer, once, and stands in the report under the till that issued it', async () => {
    const campaign = await running();
    const [first, second] = [await ask(campaign.offerId), await ask(campaign.offerId)];
    const redeem = async (code: string) =>
      (await fuel.pos.post('/v1/redemptions', buildRedemption(fuel, code))).body;
    expect(await redeem(first.body.code)).toMatchObject({ status: 'accepted', offerId: campaign.offerId });
    expect(await redeem(first.body.code)).toMatchObject({ status: 'refused', reason: 'code.used-up' });
    await attributed(app.databaseUrl);
    const { body } = await market.marketer.get<{ groups: object[]; figures: object }>(
      `/v1/campaigns/${campaign.id}/report?groupBy=placement`,
    );
    expect(first.body.placementId).toBe(second.body.placementId);
    expect(body.groups).toMatchObject([
      {
        key: { placementId: first.body.placementId, channelId: market.channelId, label: '' },
        figures: {
          acceptedRedemptions: { value: '1' },
          redemptionRate: { value: '0.5', parts: { couponRedemptions: '1', couponsIssued: '2' } },
        },
      },
    ]);
    expect(body.figures).toMatchObject({ redemptionRate: { parts: { couponsIssued: '2' } } });
  });

  it('that nobody was given yet is as unknown as one that does not exist', async () => {
    const { offerId } = await running();
    await ask(offerId);
    const [waiting = ''] = await inPool(offerId);
    const { body } = await fuel.pos.post('/v1/redemptions', buildRedemption(fuel, waiting));
    expect(body).toMatchObject({ status: 'refused', reason: 'code.unknown', offerId: null });
    const typo = waiting.startsWith('2') ? waiting.replace('2', '3') : waiting.replace(/^./, '2');
    const mistyped = await fuel.pos.post('/v1/redemptions', buildRedemption(fuel, typo));
    expect(mistyped.body).toMatchObject({ reason: 'code.malformed' });
  });
});

describe('a repeated request', () => {
  it('is answered with the same coupon for ever, also after the campaign has ended', async () => {
    const { id, offerId } = await running();
    const body = request(receipt('r-1', '10.00'));
    const first = await ask(offerId, body);
    const again = await ask(offerId, { ...body, receipt: { total: eur('10.00'), number: 'r-1' } });
    await app.operator.must(200, app.operator.post(`/v1/campaigns/${id}/end`));
    const late = await ask(offerId, body);
    expect([again.status, again.text, late.text]).toEqual([201, first.text, first.text]);
    const marks = [first, again, late].map(({ headers }) => headers.get('idempotency-replayed'));
    expect(marks).toEqual([null, 'true', 'true']);
  });

  it('with other content is refused', async () => {
    const { offerId } = await running();
    const body = request(receipt('r-1', '10.00'));
    await ask(offerId, body);
    const other = await ask(offerId, { ...body, ...receipt('r-1', '10.01') });
    expect(told(other)).toEqual([422, 'external-id.reused']);
    const elsewhere = await running();
    expect((await ask(elsewhere.offerId, { ...body, ...receipt('r-2', '9.00') })).status).toBe(201);
  });

  it('sent twenty times at once gives one coupon, also when it is the last one', async () => {
    for (const ceiling of [1, 1_000]) {
      const { offerId } = await running({ ceiling });
      const body = request(receipt('r-1', '10.00'));
      const answers = await parallel(20, () => ask(offerId, body));
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(answers[0]?.status).toBe(201);
      const replays = answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true');
      expect(replays).toHaveLength(19);
    }
  });
});

describe('a receipt', () => {
  it('earns a coupon from the minimum of the terms on, to the cent', async () => {
    const { offerId } = await running({ minimumReceipt: eur('50.00') });
    expect(told(await ask(offerId))).toEqual([422, 'receipt.required']);
    const small = await ask(offerId, request(receipt('r-1', '49.99')));
    expect(small.body).toMatchObject({
      ...{ status: 422, code: 'receipt.below-minimum' },
      detail: 'The receipt is too small for a coupon: offer to add something.',
      errors: [{ pointer: '/receipt/total/amount', detail: 'must be at least 50.00 EUR' }],
    });
    expect((await ask(offerId, request(receipt('r-1', '50.00')))).status).toBe(201);
    const foreign = { receipt: { number: 'r-2', total: { amount: '99.00', currency: 'USD' } } };
    expect(told(await ask(offerId, request(foreign)))).toEqual([422, 'currency.mismatch']);
  });

  it('earns one coupon of an offer, whoever asks and however many ask at once', async () => {
    const { offerId } = await running();
    const answers = await parallel(10, () => ask(offerId, request(receipt('r-1', '60.00'))));
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([201, ...Array<number>(9).fill(409)]);
    const refusal = answers.find(({ status }) => status === 409)!;
    expect(told(refusal)).toEqual([409, 'receipt.already-used']);
    const otherOffer = await running();
    expect((await ask(otherOffer.offerId, request(receipt('r-1', '60.00')))).status).toBe(201);
    const till2 = await app.operator.must(
      201,
      app.operator.post(`/v1/partners/${market.id}/channels`, { kind: 'pos', name: 'Till 2' }),
    );
    const elsewhere = request({ ...receipt('r-1', '60.00'), channelId: till2.id });
    expect((await ask(offerId, elsewhere)).status).toBe(201);
  });
});

describe('the pool', () => {
  it('grows by itself before it is empty, and no coupon comes twice', async () => {
    const { offerId } = await running();
    const rounds: Asked[] = [];
    const left: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      rounds.push(...(await parallel(25, () => ask(offerId))));
      left.push((await inPool(offerId)).length);
    }
    expect(new Set(rounds.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(rounds.map(({ body }) => body.code)).size).toBe(150);
    expect(Math.min(...left)).toBeGreaterThanOrEqual(25);
  });

  it('follows a ceiling that all have agreed to lower, and one that was raised again', async () => {
    const campaign = await running();
    await parallel(10, () => ask(campaign.offerId));
    await amend(campaign, { ceiling: 12 });
    const answers = await parallel(20, () => ask(campaign.offerId));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(await inPool(campaign.offerId)).toEqual([]);
    await amend(campaign, { ceiling: 5 });
    expect(told(await ask(campaign.offerId))).toEqual([409, 'issuance.ceiling-reached']);
    await amend(campaign, { ceiling: 15 });
    const more = await parallel(20, () => ask(campaign.offerId));
    expect(more.filter(({ status }) => status === 201)).toHaveLength(3);
  });

  it('hands out nothing of a batch that was ordered for print', async () => {
    const { offerId } = await running({ ceiling: 3 });
    const order = market.marketer.post(`/v1/offers/${offerId}/coupon-batches`, { quantity: 5 });
    const batch = await market.marketer.must(202, order);
    const answers = await parallel(5, () => ask(offerId));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    await attributed(app.databaseUrl);
    const csv = await market.marketer.get(`/v1/coupon-batches/${batch.id}/coupons.csv`);
    for (const { body } of answers) expect(csv.text).not.toContain(body.code);
  });

  it('is no batch that could be looked at or revoked', async () => {
    const { offerId } = await running();
    await ask(offerId);
    const { rows } = await database.query<{ id: string }>(
      'select id from coupon_batches where offer_id = $1 and is_pool',
      [offerId],
    );
    const path = `/v1/coupon-batches/${rows[0]?.id}`;
    const answers = [await market.marketer.get(path), await market.marketer.delete(path)];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });
});

describe('issuance stops', () => {
  it('while the campaign is paused and when it is ended, and says so in the language of the till', async () => {
    const { id, offerId } = await running();
    const change = (verb: string) => app.operator.must(200, app.operator.post(`/v1/campaigns/${id}/${verb}`));
    await change('pause');
    const paused = await ask(offerId, request(), market.pos, 'ru-RU, en;q=0.5');
    expect(told(paused)).toEqual([409, 'campaign.paused']);
    expect(paused.body.detail).toBe('Акция приостановлена: предложите покупателю спросить в другой день.');
    await change('resume');
    expect((await ask(offerId)).status).toBe(201);
    await change('end');
    expect(told(await ask(offerId))).toEqual([409, 'campaign.ended']);
  });

  it('before the campaign is approved and before it starts', async () => {
    const parties = { issuer: market, redeemer: fuel };
    const draft = await buildCampaign(app.operator, { ...parties, approve: false });
    const later = await buildCampaign(app.operator, { ...parties, fields: { startsOn: daysFromNow(3) } });
    for (const { offerIds } of [draft, later]) {
      expect(told(await ask(offerIds[0]!))).toEqual([409, 'campaign.not-active']);
    }
  });

  it('after the last day of the campaign, although coupons are still taken', async () => {
    const fields = { startsOn: daysFromNow(-9), endsOn: daysFromNow(-2), redeemUntil: daysFromNow(9) };
    const { offerId } = await running(undefined, { fields });
    expect(told(await ask(offerId))).toEqual([409, 'campaign.ended']);
  });

  it('when the offer is used up', async () => {
    const { offerId } = await running(undefined, { offer: { totalLimit: 1 } });
    const { body } = await ask(offerId);
    await fuel.pos.must(201, fuel.pos.post('/v1/redemptions', buildRedemption(fuel, body.code)));
    expect(told(await ask(offerId))).toEqual([409, 'offer.limit-reached']);
  });
});

describe('coupons are issued by', () => {
  it("the issuer's tills, and by the till that a key is bound to", async () => {
    const { offerId } = await running();
    const bound = await market.admin.must(
      201,
      market.admin.post(`/v1/partners/${market.id}/api-keys`, {
        ...{ role: 'pos', label: 'bound' },
        channelId: market.channelId,
      }),
    );
    const other = await app.operator.must(
      201,
      app.operator.post(`/v1/partners/${market.id}/channels`, { kind: 'app', name: 'App' }),
    );
    const till = app.operator.as(bound.key!);
    expect((await ask(offerId, request(), till)).status).toBe(201);
    expect(told(await ask(offerId, request({ channelId: other.id }), till))).toEqual([
      422,
      'channel.not-allowed',
    ]);
    expect((await ask(offerId, request({ channelId: other.id }))).status).toBe(201);
  });

  it('nobody else: not the redeemer, not strangers, not on channels of others', async () => {
    const { offerId } = await running();
    const own = request({ channelId: fuel.channelId });
    expect((await ask(offerId, own, fuel.pos)).status).toBe(403);
    expect((await ask(offerId, request({ channelId: stranger.channelId }), stranger.pos)).status).toBe(404);
    expect((await ask(offerId, own)).status).toBe(404);
    expect((await ask(offerId, request(), market.marketer)).status).toBe(403);
    const path = `/v1/offers/${offerId}/issuances`;
    const readers = [fuel.marketer, stranger.marketer, market.pos, app.operator];
    const answers = await Promise.all(readers.map((api) => api.get(path)));
    expect(answers.map(({ status }) => status)).toEqual([403, 404, 403, 200]);
  });

  it('requests that can be read: anything else is pointed at', async () => {
    const { offerId } = await running();
    const answer = await ask(offerId, { ...request({ receipt: { number: 'r' } }), code: 'MINE' });
    expect(told(answer)).toEqual([400, 'request.invalid']);
    const nobody = await ask(offerId, request({ customer: { phone: '12' } }));
    expect(told(nobody)).toEqual([422, 'customer.unusable']);
  });
});

it('the list is read page by page, in the order of issuance', async () => {
  const { offerId } = await running();
  const ids: string[] = [];
  for (let turn = 0; turn < 5; turn += 1) ids.push((await ask(offerId)).body.id);
  const pages: string[][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor && `&cursor=${cursor}`;
    const { body } = await market.admin.get<Page>(`/v1/offers/${offerId}/issuances?limit=2${query}`);
    pages.push(body.items.map((item) => String(item['id'])));
    cursor = body.nextCursor;
  }
  expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
  expect(pages.flat()).toEqual([...ids].sort());
});
