import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
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
let campaignId: string;
/** The café hands out what the gym takes, and the other way round. */
let cafeOffer: string;
let gymOffer: string;

beforeAll(async () => {
  app = await testApp();
  client = new pg.Client(app.databaseUrl);
  await client.connect();
  [gym, cafe] = [await buildPartner(app.operator), await buildPartner(app.operator)];
  ({ campaignId, cafeOffer, gymOffer } = await buildTwoWay());
  await buildCodeWord(cafe, cafeOffer, 'ATGYM');
  await buildCodeWord(gym, gymOffer, 'ATCAFE');
}, 60_000);

afterAll(async () => {
  await client.end();
  await app?.stop();
});

async function buildTwoWay() {
  const reward = { kind: 'percent', value: '10' };
  const { id, offerIds } = await buildCampaign(app.operator, {
    ...{ issuer: cafe, redeemer: gym },
    fields: {
      offers: [
        { issuerPartnerId: cafe.id, redeemerPartnerId: gym.id, reward, issuance: { ceiling: 100 } },
        { issuerPartnerId: gym.id, redeemerPartnerId: cafe.id, reward, issuance: { ceiling: 100 } },
      ],
    },
  });
  return { campaignId: id, cafeOffer: offerIds[0]!, gymOffer: offerIds[1]! };
}

async function redeem(partner: TestPartner, code: string, fields: object = {}) {
  const { id } = await partner.pos.must(
    201,
    partner.pos.post('/v1/redemptions', buildRedemption(partner, code, { ...fields })),
  );
  return rowOf('redemptions', id!);
}

async function rowOf(table: string, id: string) {
  const { rows } = await client.query<{ match_id: string | null; click_id: string | null }>(
    `select * from ${table} where id = $1`,
    [id],
  );
  return rows[0]!;
}

describe('a match id', () => {
  it('is the same for a phone number at both partners of a campaign', async () => {
    const atGym = await redeem(gym, 'ATGYM', { customer: { phone: '+49 30 1112223' } });
    const atCafe = await redeem(cafe, 'ATCAFE', { customer: { phone: '0049301112223' } });
    expect(atGym.match_id).not.toBeNull();
    expect(atCafe.match_id).toBe(atGym.match_id);
  });

  it('of equal card numbers of two partners differs', async () => {
    const atGym = await redeem(gym, 'ATGYM', { customer: { reference: '17' } });
    const again = await redeem(gym, 'ATGYM', { customer: { reference: '17' } });
    const atCafe = await redeem(cafe, 'ATCAFE', { customer: { reference: '17' } });
    expect(again.match_id).toBe(atGym.match_id);
    expect(atCafe.match_id).not.toBe(atGym.match_id);
  });

  it('differs from campaign to campaign', async () => {
    const { offerIds } = await buildCampaign(app.operator, { issuer: cafe, redeemer: gym });
    await buildCodeWord(cafe, offerIds[0]!, 'OTHER');
    const customer = { email: 'ann@example.org' };
    const [one, other] = [await redeem(gym, 'ATGYM', { customer }), await redeem(gym, 'OTHER', { customer })];
    expect(other.match_id).not.toBe(one.match_id);
  });

  it('is kept of a refusal too, and of nothing that no campaign is known of', async () => {
    const customer = { phone: '+49 30 4445556' };
    const receipt = { number: 'early', subtotal: eur('1.00') };
    const refused = await redeem(gym, 'ATGYM', {
      ...{ customer, receipt },
      occurredAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    expect(refused).toMatchObject({ status: 'refused', match_id: expect.any(String) as unknown });
    expect(await redeem(gym, 'NOSUCHCODE', { customer })).toMatchObject({ match_id: null });
    expect(await redeem(gym, 'ATGYM')).toMatchObject({ match_id: null });
  });

  it('joins an issuance at the one partner to a redemption at the other', async () => {
    const customer = { email: 'Bob.Ray+promo@gmail.com' };
    const issued = await cafe.pos.must(
      201,
      cafe.pos.post(`/v1/offers/${cafeOffer}/issuances`, {
        ...{ externalId: 'i-1', channelId: cafe.channelId, customer },
      }),
    );
    const atGym = await redeem(gym, issued.code!, { customer: { email: 'bobray@googlemail.com' } });
    expect((await rowOf('issuances', issued.id!)).match_id).toBe(atGym.match_id);
  });

  it('is made of a key of 32 bytes that each campaign has for itself', async () => {
    const { rows } = await client.query<{ keys: string; campaigns: string; shortest: number }>(
      `select count(distinct customer_key) as keys, count(*) as campaigns, min(length(customer_key)) as shortest from campaigns`,
    );
    expect(rows[0]).toMatchObject({ keys: rows[0]!.campaigns, shortest: 32 });
  });
});

describe('a click id', () => {
  it('is stored with the redemption that names it, and is a part of what a repeat must repeat', async () => {
    const clickId = randomUUID();
    const body = buildRedemption(gym, 'ATGYM', { clickId });
    const { id } = await gym.pos.must(201, gym.pos.post('/v1/redemptions', body));
    expect(await rowOf('redemptions', id!)).toMatchObject({ click_id: clickId });
    expect((await gym.pos.post('/v1/redemptions', body)).status).toBe(201);
    const other = await gym.pos.post('/v1/redemptions', { ...body, clickId: randomUUID() });
    expect(other).toMatchObject({ status: 422, body: { code: 'external-id.reused' } });
  });
});

describe('the look-back for touches', () => {
  it('is 30 days unless a campaign says otherwise, and changes with a version of the terms', async () => {
    const path = `/v1/campaigns/${campaignId}`;
    const { body, headers } = await app.operator.get(path);
    expect(body).toMatchObject({ attributionLookbackDays: 30 });
    const etag = { 'if-match': headers.get('etag')! };
    const changed = await app.operator.patch(path, { attributionLookbackDays: 7 }, etag);
    expect(changed).toMatchObject({
      ...{ status: 200, body: { attributionLookbackDays: 7, pendingVersion: 2 } },
    });
  });
});
