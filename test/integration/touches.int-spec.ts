import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  buildCampaign,
  buildCodeWord,
  buildPartner,
  buildRedemption,
  type TestPartner,
} from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

type Fields = Record<string, unknown>;
interface Result {
  readonly externalId: string | null;
  readonly id?: string;
  readonly status?: string;
  readonly replayed?: boolean;
  readonly error?: { readonly code: string; readonly status: number; readonly errors?: object[] };
}

let app: TestApp;
let client: pg.Client;
let cafe: TestPartner;
let gym: TestPartner;
let bystander: TestPartner;
let campaignId: string;
let placementId: string;
let counter = 0;

beforeAll(async () => {
  app = await testApp();
  client = new pg.Client(app.databaseUrl);
  await client.connect();
  cafe = await buildPartner(app.operator);
  gym = await buildPartner(app.operator);
  bystander = await buildPartner(app.operator);
  const campaign = await buildCampaign(app.operator, { issuer: cafe, redeemer: gym });
  campaignId = campaign.id;
  placementId = await placementOf(campaign.offerIds[0]!, 'ATGYM');
}, 60_000);

afterAll(async () => {
  await client.end();
  await app?.stop();
});

async function placementOf(offerId: string, word: string): Promise<string> {
  await buildCodeWord(cafe, offerId, word, { placement: { channelId: cafe.channelId, label: 'door' } });
  const { items } = await cafe.marketer.must<{ items: { id: string; label: string }[] }>(
    200,
    cafe.marketer.get(`/v1/offers/${offerId}/placements`),
  );
  return items.find(({ label }) => label === 'door')!.id;
}

function touch(fields: Fields = {}): Fields {
  counter += 1;
  const occurredAt = new Date(Date.now() - 60_000).toISOString();
  return { externalId: `t-${counter}`, placementId, kind: 'visit', occurredAt, ...fields };
}

async function post(items: unknown[], partner: Pick<TestPartner, 'pos'> = cafe): Promise<Result[]> {
  const body = await partner.pos.must<{ results: Result[] }>(
    200,
    partner.pos.post('/v1/touches/batch', { items }),
  );
  return body.results;
}

const countOf = async (externalId: unknown): Promise<number> => {
  const { rows } = await client.query('select from touches where external_id = $1', [externalId]);
  return rows.length;
};

describe('the placements of an offer', () => {
  it('are listed for its issuer and its redeemer, and nobody else', async () => {
    const { offerIds } = await buildCampaign(app.operator, { issuer: cafe, redeemer: gym });
    const id = await placementOf(offerIds[0]!, 'LISTED');
    const path = `/v1/offers/${offerIds[0]!}/placements`;
    const item = { id, channelId: cafe.channelId, label: 'door' };
    expect((await gym.pos.get(path)).body).toMatchObject({ items: [item], nextCursor: null });
    expect((await bystander.marketer.get(path)).status).toBe(404);
  });
});

describe('a posted touch', () => {
  it('is stored with the match id that a redemption of the same customer has', async () => {
    const customer = { phone: '+49 30 7770001' };
    const [result] = await post([touch({ customer, kind: 'exposure' })]);
    const redeemed = await gym.pos.must(
      201,
      gym.pos.post('/v1/redemptions', buildRedemption(gym, 'ATGYM', { customer })),
    );
    const { rows } = await client.query(
      `select t.kind, t.placement_id, t.poster_partner_id, t.match_id = r.match_id as "isSame"
         from touches t join redemptions r on r.redeemer_partner_id = t.redeemer_partner_id and r.campaign_id = t.campaign_id
        where t.id = $1 and r.id = $2`,
      [result!.id, redeemed.id],
    );
    expect(rows).toEqual([
      { kind: 'exposure', placement_id: placementId, poster_partner_id: cafe.id, isSame: true },
    ]);
  });

  it('may come from the redeemer too, under external ids of its own', async () => {
    const item = touch();
    const [byCafe] = await post([item]);
    const [byGym] = await post([item], gym);
    expect([byCafe?.status, byGym?.status, byGym?.replayed]).toEqual(['stored', 'stored', undefined]);
    expect(byGym?.id).not.toBe(byCafe?.id);
  });

  it('comes once however often it is posted, also when the details of the customer are spelled differently', async () => {
    const customer = { email: 'Ann@Example.org' };
    const item = touch({ customer });
    const [first] = await post([item]);
    const [again] = await post([{ ...item, customer: { email: ' ann@example.org' } }]);
    expect(again).toEqual({ ...first, replayed: true });
    expect(await countOf(item['externalId'])).toBe(1);
  });

  it('is refused when its external id holds another touch', async () => {
    const item = touch();
    await post([item]);
    const [other] = await post([{ ...item, kind: 'click' }]);
    expect(other).toMatchObject({
      externalId: item['externalId'],
      error: { status: 422, code: 'external-id.reused' },
    });
  });

  it('is stored once when many post it at the same time', async () => {
    const items = Array.from({ length: 20 }, () => touch());
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => post(index % 2 === 0 ? items : [...items].reverse())),
    );
    const ids = answers.flatMap((results) => results.map(({ id }) => id));
    expect(new Set(ids).size).toBe(20);
    const isNew = answers.flat().filter((result) => result.status === 'stored' && !result.replayed);
    expect(isNew).toHaveLength(20);
  });
});

describe('a batch of touches', () => {
  it('answers each item in order, and a faulty one does not hold up the others', async () => {
    const far = new Date(Date.now() + 25 * 3_600_000).toISOString();
    const items = [
      touch(),
      touch({ occurredAt: far }),
      touch({ kind: 'issuance' }),
      'nonsense',
      touch({ customer: { phone: '12' } }),
      touch({ placementId: '018f0000-0000-7000-8000-000000000000' }),
      touch(),
    ];
    const results = await post(items);
    expect(results.map(({ status, error }) => status ?? error!.code)).toEqual([
      ...['stored', 'request.invalid', 'request.invalid', 'request.invalid'],
      ...['request.invalid', 'not-found', 'stored'],
    ]);
    expect(results[1]!.error).toMatchObject({ errors: [{ pointer: '/occurredAt' }] });
    expect(results[2]!.error).toMatchObject({ errors: [{ pointer: '/kind' }] });
    expect(results[4]!.error).toMatchObject({ errors: [{ pointer: '/customer/phone' }] });
    expect(results.map(({ externalId }) => externalId)).toEqual(
      items.map((item) => (typeof item === 'string' ? null : item['externalId'])),
    );
  });

  it('takes a thousand items, and no more', async () => {
    const many = Array.from({ length: 1_000 }, () => touch());
    expect((await post(many)).filter(({ status }) => status === 'stored')).toHaveLength(1_000);
    expect((await cafe.pos.post('/v1/touches/batch', { items: [...many, touch()] })).status).toBe(400);
  });

  it('is marked as a replay when nothing in it is new', async () => {
    const items = [touch(), touch()];
    expect(
      (await cafe.pos.post('/v1/touches/batch', { items })).headers.get('idempotency-replayed'),
    ).toBeNull();
    const again = await cafe.pos.post('/v1/touches/batch', { items });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('of others than the two partners of the offer stores nothing, and strangers learn nothing', async () => {
    const item = touch();
    expect(await post([item], bystander)).toMatchObject([{ error: { status: 404, code: 'not-found' } }]);
    expect(await countOf(item['externalId'])).toBe(0);
    expect((await cafe.finance.post('/v1/touches/batch', { items: [item] })).status).toBe(403);
  });

  it('waits for the approval of all participants', async () => {
    const draft = await buildCampaign(app.operator, { issuer: cafe, redeemer: cafe, approve: false });
    const pending = await placementOf(draft.offerIds[0]!, 'PENDING');
    expect(await post([touch({ placementId: pending })])).toMatchObject([
      { error: { status: 422, code: 'campaign.not-approved' } },
    ]);
    expect(campaignId).not.toBe(draft.id);
  });

  it('of a key that is bound to a channel is for its placements only', async () => {
    const bound = async (channelId: string) => {
      const body = { role: 'pos', label: 'bound', channelId };
      const { key } = await app.operator.must(
        201,
        app.operator.post(`/v1/partners/${cafe.id}/api-keys`, body),
      );
      return { pos: app.operator.as(key!) };
    };
    const other = await app.operator.must(
      201,
      app.operator.post(`/v1/partners/${cafe.id}/channels`, { kind: 'pos', name: 'Till 2' }),
    );
    expect(await post([touch()], await bound(cafe.channelId))).toMatchObject([{ status: 'stored' }]);
    expect(await post([touch()], await bound(other.id!))).toMatchObject([{ error: { status: 403 } }]);
  });
});
