import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { approveBy, buildCampaign, buildPartner, eur, type TestPartner } from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

interface Problem {
  readonly code: string;
  readonly detail: string;
}
interface Assignments {
  readonly assignments: readonly { readonly arm: string }[];
}
interface Campaign {
  readonly id: string;
  readonly offerId: string;
}

let app: TestApp;
let database: pg.Client;
let market: TestPartner;
let fuel: TestPartner;
let asked = 0;

beforeAll(async () => {
  app = await testApp();
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
  market = await buildPartner(app.operator);
  fuel = await buildPartner(app.operator);
});

afterAll(async () => {
  await database?.end();
  await app?.stop();
});

/** A running campaign in which the market hands out coupons for the fuel station to half of its customers. */
async function running(fields: object = { holdOutShare: '0.5' }, offer: object = {}): Promise<Campaign> {
  const campaign = await buildCampaign(app.operator, {
    ...{ issuer: market, redeemer: fuel },
    ...{ fields: { ...fields }, offer: { ...offer } },
  });
  return { id: campaign.id, offerId: campaign.offerIds[0]! };
}

const phone = (index: number) => ({ phone: `+4930${7_000_000 + index}` });
const phones = (count: number) => Array.from({ length: count }, (_, index) => phone(index));

async function arms(
  { id }: Campaign,
  customers: readonly object[],
  api = market.marketer,
): Promise<string[]> {
  const path = `/v1/campaigns/${id}/hold-out/assignments`;
  const { assignments } = await api.must<Assignments>(200, api.post(path, { customers }));
  return assignments.map(({ arm }) => arm);
}

function issue({ offerId }: Campaign, fields: object, language = 'en') {
  asked += 1;
  const body = { externalId: `h-${asked}`, channelId: market.channelId, ...fields };
  return market.pos.post<Problem>(`/v1/offers/${offerId}/issuances`, body, { 'accept-language': language });
}

/** Customers of whom the first is treated and the second held out. */
async function oneOfEach(campaign: Campaign): Promise<[treated: object, heldOut: object]> {
  const customers = phones(40);
  const found = await arms(campaign, customers);
  return [customers[found.indexOf('treated')]!, customers[found.indexOf('held_out')]!];
}

async function recorded({ id }: Campaign) {
  const { rows } = await database.query<{ redeemer: string; arm: string }>(
    'select redeemer_partner_id as redeemer, arm from hold_out_customers where campaign_id = $1',
    [id],
  );
  return rows;
}

/** Another share, approved by both. */
async function reshare({ id }: Campaign, holdOutShare: string | null): Promise<void> {
  const { headers } = await app.operator.get(`/v1/campaigns/${id}`);
  const change = { 'if-match': headers.get('etag')! };
  const { body } = await app.operator.patch<{ termsVersion: number; holdOutShare: string | null }>(
    `/v1/campaigns/${id}`,
    { holdOutShare },
    change,
  );
  expect(body).toMatchObject({ termsVersion: 2, holdOutShare });
  for (const partner of [market, fuel]) await approveBy(partner, id);
}

describe('a coupon in a campaign with a hold-out', () => {
  it('is refused to a customer who is held out, in the language of the clerk, and nothing is issued', async () => {
    const campaign = await running();
    const [treated, heldOut] = await oneOfEach(campaign);
    expect((await issue(campaign, { customer: treated })).status).toBe(201);
    const refused = await issue(campaign, { customer: heldOut });
    expect([refused.status, refused.body.code]).toEqual([409, 'customer.held-out']);
    expect(refused.body.detail).toBe(
      'There is no coupon for this customer in this promotion: go on without one.',
    );
    expect((await issue(campaign, { customer: heldOut }, 'ru')).body.detail).toContain('не предусмотрен');
    const { rows } = await database.query('select from issuances where campaign_id = $1', [campaign.id]);
    expect(rows).toHaveLength(1);
  });

  it('is refused before the receipt is looked at, so that nobody buys more for nothing', async () => {
    const campaign = await running(undefined, { issuance: { minimumReceipt: eur('50.00') } });
    const [treated, heldOut] = await oneOfEach(campaign);
    expect((await issue(campaign, { customer: treated })).body.code).toBe('receipt.required');
    expect((await issue(campaign, { customer: heldOut })).body.code).toBe('customer.held-out');
  });

  it('is given to a customer that the till does not name, who is in neither arm', async () => {
    const campaign = await running();
    expect((await issue(campaign, {})).status).toBe(201);
    expect(await recorded(campaign)).toEqual([]);
  });

  it('records both arms when it is asked for, at the redeemer, and nobody while the campaign is paused', async () => {
    const campaign = await running();
    await app.operator.must(200, app.operator.post(`/v1/campaigns/${campaign.id}/pause`, {}));
    for (const customer of phones(12)) await issue(campaign, { customer });
    expect(await recorded(campaign)).toEqual([]);
    await app.operator.must(200, app.operator.post(`/v1/campaigns/${campaign.id}/resume`, {}));
    const answers = [];
    for (const customer of phones(12)) answers.push((await issue(campaign, { customer })).status);
    const rows = await recorded(campaign);
    expect(new Set(rows.map(({ redeemer }) => redeemer))).toEqual(new Set([fuel.id]));
    const count = (arm: string) => rows.filter((row) => row.arm === arm).length;
    expect([count('treated'), count('held_out')]).toEqual([
      answers.filter((status) => status === 201).length,
      answers.filter((status) => status === 409).length,
    ]);
    expect(rows).toHaveLength(12);
  });

  it('records a customer once who is asked for twenty times at once', async () => {
    const campaign = await running();
    const path = `/v1/campaigns/${campaign.id}/hold-out/assignments`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        market.pos.post<Assignments>(path, { customers: [phone(1), phone(1)] }),
      ),
    );
    const told = new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`));
    expect(told.size).toBe(1);
    expect(await recorded(campaign)).toHaveLength(1);
  });

  it('is decided alike for a customer at twenty tills at once', async () => {
    const campaign = await running();
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => {
        // As a till asks: again, when it is told to come back in a second.
        for (;;) {
          const { status } = await issue(campaign, { customer: phone(2) });
          if (status !== 503) return status;
        }
      }),
    );
    const [row, ...others] = await recorded(campaign);
    expect(others).toEqual([]);
    expect(new Set(statuses)).toEqual(new Set([row?.arm === 'treated' ? 201 : 409]));
  });
});

describe('the arm of a customer', () => {
  it('is the same at every till and in every mailing, for a phone at either partner', async () => {
    const campaign = await running();
    const customers = phones(30);
    const first = await arms(campaign, customers);
    expect(new Set(first)).toEqual(new Set(['treated', 'held_out']));
    expect(await arms(campaign, [...customers].reverse(), market.pos)).toEqual([...first].reverse());
    const statuses = [];
    for (const customer of customers.slice(0, 8)) {
      const { status } = await issue(campaign, { customer });
      statuses.push(status === 201 ? 'treated' : 'held_out');
    }
    expect(statuses).toEqual(first.slice(0, 8));
  });

  it('stays what it was first when the share changes; newcomers follow the new one', async () => {
    const campaign = await running({ holdOutShare: '0.001' });
    const customers = phones(60);
    const first = await arms(campaign, customers.slice(0, 30));
    await reshare(campaign, '0.5');
    const after = await arms(campaign, customers);
    expect(after.slice(0, 30)).toEqual(first);
    expect(first.filter((arm) => arm === 'held_out').length).toBeLessThan(3);
    expect(after.slice(30).filter((arm) => arm === 'held_out').length).toBeGreaterThan(0);
  });

  it('is another one in another campaign: their keys differ', async () => {
    const [one, other] = [await running(), await running()];
    expect(await arms(one, phones(60))).not.toEqual(await arms(other, phones(60)));
  });
});

describe('the assignments of a mailing', () => {
  const post = (id: string, customers: object[] = [phone(1)], api = market.marketer) =>
    api.post<Problem>(`/v1/campaigns/${id}/hold-out/assignments`, { customers });

  it('are refused where there is nothing to assign', async () => {
    const without = await running({});
    expect((await post(without.id)).body.code).toBe('campaign.no-hold-out');
    const draft = await buildCampaign(app.operator, {
      ...{ issuer: market, redeemer: fuel, approve: false },
      fields: { holdOutShare: '0.1' },
    });
    expect((await post(draft.id)).body.code).toBe('campaign.not-approved');
    expect((await post((await running()).id, [phone(1)], fuel.marketer)).status).toBe(403);
    const stranger = await buildPartner(app.operator);
    expect((await post((await running()).id, [phone(1)], stranger.marketer)).status).toBe(404);
  });

  it('name every customer that cannot be recognised and record nobody then', async () => {
    const campaign = await running();
    const { status, body } = await post(campaign.id, [phone(1), { email: 'nobody' }, { phone: 'x' }]);
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'customer.unusable',
      errors: [{ pointer: '/customers/1/email' }, { pointer: '/customers/2/phone' }],
    });
    expect(await recorded(campaign)).toEqual([]);
    expect((await post(campaign.id, phones(1_001))).status).toBe(400);
  });

  it('take a thousand customers at once', async () => {
    const found = await arms(await running({ holdOutShare: '0.1' }), phones(1_000));
    const heldOut = found.filter((arm) => arm === 'held_out').length;
    // Ten standard errors around a hundred: campaign keys are random.
    expect(Math.abs(heldOut - 100)).toBeLessThan(95);
  });
});
