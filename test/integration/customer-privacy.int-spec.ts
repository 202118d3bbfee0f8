import { randomUUID } from 'node:crypto';
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

const REWARD = { kind: 'percent', value: '10' };
const KNOWN = { phone: '+49 30 9990001' };
const UNKNOWN = { phone: '+49 30 9990002' };

let app: TestApp;
let client: pg.Client;
let cafe: TestPartner;
let gym: TestPartner;
let campaignId: string;
let offers: readonly string[];
let placementId: string;

/** The café knows one of the two numbers well; the gym tries to find out which. */
beforeAll(async () => {
  app = await testApp();
  client = new pg.Client(app.databaseUrl);
  await client.connect();
  cafe = await buildPartner(app.operator);
  gym = await buildPartner(app.operator);
  const offer = { reward: REWARD, perCustomerLimit: 1_000 };
  const campaign = await buildCampaign(app.operator, {
    ...{ issuer: cafe, redeemer: gym },
    fields: {
      offers: [
        { issuerPartnerId: cafe.id, redeemerPartnerId: gym.id, ...offer },
        { issuerPartnerId: gym.id, redeemerPartnerId: cafe.id, ...offer },
      ],
    },
  });
  campaignId = campaign.id;
  offers = campaign.offerIds;
  await buildCodeWord(cafe, offers[0]!, 'ATGYM');
  await buildCodeWord(gym, offers[1]!, 'ATCAFE');
  const { items } = await gym.marketer.must<{ items: { id: string }[] }>(
    200,
    gym.marketer.get(`/v1/offers/${offers[1]!}/placements`),
  );
  placementId = items[0]!.id;
  for (let visits = 0; visits < 5; visits += 1) await redeemAt(cafe, 'ATCAFE', KNOWN);
}, 60_000);

afterAll(async () => {
  await client.end();
  await app?.stop();
});

async function redeemAt(partner: TestPartner, code: string, customer: object): Promise<void> {
  const answer = await partner.pos.must<Fields>(
    201,
    partner.pos.post('/v1/redemptions', buildRedemption(partner, code, { customer })),
  );
  expect(answer['status']).toBe('accepted');
}

/** An answer without what differs from post to post anyhow. */
function comparable({ status, text }: { status: number; text: string }): string {
  return `${status} ${text.replace(/"(id|externalId|code|expiresAt|issuedAt|requestedAt)":"[^"]*"/g, '"$1"')}`;
}

describe('whether somebody is a customer of another partner', () => {
  const questions: Record<string, (customer: object) => Promise<{ status: number; text: string }>> = {
    'a validation': (customer) =>
      gym.pos.post('/v1/validations', { code: 'ATGYM', channelId: gym.channelId, customer }),
    'a redemption': (customer) =>
      gym.pos.post('/v1/redemptions', buildRedemption(gym, 'ATGYM', { customer })),
    'a reservation': (customer) =>
      gym.pos.post('/v1/reservations', { code: 'ATGYM', channelId: gym.channelId, customer }),
    'an issuance': (customer) =>
      gym.pos.post(`/v1/offers/${offers[1]!}/issuances`, {
        ...{ externalId: randomUUID(), channelId: gym.channelId, customer },
      }),
    'a touch': (customer) =>
      gym.pos.post('/v1/touches/batch', {
        items: [
          {
            ...{ externalId: randomUUID(), placementId, kind: 'visit', customer },
            occurredAt: new Date(Date.now() - 60_000).toISOString(),
          },
        ],
      }),
    'an erasure': (customer) => gym.admin.post('/v1/customers/erasures', { customer }),
  };

  it.each(Object.entries(questions))('does not show in the answer to %s', async (_, ask) => {
    expect(comparable(await ask(KNOWN))).toBe(comparable(await ask(UNKNOWN)));
  });

  it('is in no list: nothing that a partner reads holds an id of a customer', async () => {
    const ids = await client.query<{ id: string }>(
      `select customer_id as id from redemptions where customer_id is not null
       union select match_id from redemptions where match_id is not null
       union select match_id from touches where match_id is not null`,
    );
    const paths = [
      ...['/v1/redemptions', `/v1/redemptions?campaign=${campaignId}`, `/v1/campaigns/${campaignId}`],
      ...[`/v1/campaigns/${campaignId}/report`, `/v1/campaigns/${campaignId}/report.csv`],
      ...[`/v1/offers/${offers[0]!}/placements`, `/v1/campaigns/${campaignId}/customers/summary`],
      ...['/v1/customers/erasures', `/v1/offers/${offers[1]!}/issuances`],
    ];
    const texts = await Promise.all(paths.map(async (path) => (await gym.admin.get(path)).text));
    expect(ids.rows.length).toBeGreaterThan(2);
    expect(ids.rows.filter(({ id }) => texts.some((text) => text.includes(id)))).toEqual([]);
  });

  it('stands under ids that differ from partner to partner, so that no look-up of one meets rows of another', async () => {
    const { rows } = await client.query<{ own: string; foreign: string }>(
      `select count(*) filter (where redeemer_partner_id = $1) as own, count(*) filter (where redeemer_partner_id <> $1) as foreign
         from customer_counters c
        where c.customer_id in (select r.customer_id from redemptions r where r.redeemer_partner_id = $2)`,
      [gym.id, cafe.id],
    );
    expect(rows).toEqual([{ own: '0', foreign: '1' }]);
  });
});

describe('the customers of a campaign', () => {
  const summary = async () =>
    (await gym.marketer.get<Record<string, unknown>>(`/v1/campaigns/${campaignId}/customers/summary`)).body;

  it('are not counted on the day on which they were seen, nor when there are fewer than ten', async () => {
    const few = { undefined: 'too-few-customers' };
    expect(await summary()).toMatchObject({ customers: few, customersAcrossPartners: few });
  });

  it('are counted in whole tens, those of several partners too', async () => {
    const phone = (index: number) => ({ phone: `+49 30 ${8_880_000 + index}` });
    for (let index = 0; index < 25; index += 1) {
      await redeemAt(gym, 'ATGYM', phone(index));
      if (index < 12) await redeemAt(cafe, 'ATCAFE', phone(index));
    }
    await client.query(`update redemptions set recorded_at = recorded_at - interval '2 days'`);
    const counted = (value: string) => ({ value, unit: 'count' });
    expect(await summary()).toMatchObject({
      customers: counted('20'),
      customersAcrossPartners: counted('10'),
    });
  });

  it('cannot be seen by who has no part in the campaign', async () => {
    const stranger = await buildPartner(app.operator);
    expect((await stranger.marketer.get(`/v1/campaigns/${campaignId}/customers/summary`)).status).toBe(404);
  });
});
