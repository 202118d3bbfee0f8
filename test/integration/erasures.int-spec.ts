import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import {
  buildCampaign,
  buildCodeWord,
  buildPartner,
  buildRedemption,
  daysFromNow,
  eur,
  type TestPartner,
} from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

interface Erasure {
  readonly id: string;
  readonly status: string;
  readonly rows: Record<string, number>;
}
type Fields = Record<string, unknown>;

const REWARD = { kind: 'percent', value: '10' };
const PATIENCE_MS = 60_000;

let app: TestApp;
let client: pg.Client;
let cafe: TestPartner;
let gym: TestPartner;
let campaignId: string;
let cafeOffer: string;
let placementId: string;
let phones = 0;

beforeAll(async () => {
  app = await testApp();
  client = new pg.Client(app.databaseUrl);
  await client.connect();
  cafe = await buildPartner(app.operator);
  gym = await buildPartner(app.operator);
  const campaign = await buildCampaign(app.operator, {
    ...{ issuer: cafe, redeemer: gym },
    fields: {
      offers: [
        { ...{ issuerPartnerId: cafe.id, redeemerPartnerId: gym.id }, reward: REWARD, perCustomerLimit: 50 },
        { ...{ issuerPartnerId: gym.id, redeemerPartnerId: cafe.id }, reward: REWARD },
      ],
    },
  });
  campaignId = campaign.id;
  cafeOffer = campaign.offerIds[0]!;
  await buildCodeWord(cafe, cafeOffer, 'ATGYM');
  await buildCodeWord(gym, campaign.offerIds[1]!, 'ATCAFE');
  const placements = await cafe.marketer.must<{ items: { id: string }[] }>(
    200,
    cafe.marketer.get(`/v1/offers/${cafeOffer}/placements`),
  );
  placementId = placements.items[0]!.id;
}, 60_000);

afterAll(async () => {
  await client.end();
  await app?.stop();
});

function newCustomer(): { phone: string } {
  phones += 1;
  return { phone: `+49 30 ${5_550_000 + phones}` };
}

async function redeem(partner: TestPartner, code: string, fields: Fields): Promise<Fields> {
  const body = buildRedemption(partner, code, fields);
  await partner.pos.must(201, partner.pos.post('/v1/redemptions', body));
  return body;
}

/** What the customer does at both partners: everything that leaves a link. */
async function live(customer: object): Promise<{ redemption: Fields; receipt: Fields; touch: Fields }> {
  const receipt = {
    ...{ externalId: randomUUID(), channelId: gym.channelId, number: randomUUID(), customer },
    ...{ occurredAt: new Date(Date.now() - 9 * 86_400_000).toISOString(), total: eur('20.00') },
  };
  await gym.pos.must(200, gym.pos.post('/v1/receipts/batch', { items: [receipt] }));
  const redemption = await redeem(gym, 'ATGYM', { customer });
  await redeem(gym, 'ATGYM', { customer, customerStatus: 'returning' });
  await redeem(gym, 'ATGYM', { customer, occurredAt: new Date(Date.now() + 3_600_000).toISOString() });
  await redeem(cafe, 'ATCAFE', { customer });
  await gym.pos.must(
    201,
    gym.pos.post('/v1/reservations', { code: 'ATGYM', channelId: gym.channelId, customer }),
  );
  await cafe.pos.must(
    201,
    cafe.pos.post(`/v1/offers/${cafeOffer}/issuances`, {
      ...{ externalId: randomUUID(), channelId: cafe.channelId, customer },
    }),
  );
  const touch = {
    ...{ externalId: randomUUID(), placementId, kind: 'visit', customer },
    occurredAt: new Date(Date.now() - 86_400_000).toISOString(),
  };
  await gym.pos.must(200, gym.pos.post('/v1/touches/batch', { items: [touch] }));
  return { redemption, receipt, touch };
}

async function attributed(): Promise<void> {
  await eventually(async () => {
    const { rows } = await client.query(`select from outbox where topic = 'recorded-facts'`);
    return rows.length === 0;
  }, PATIENCE_MS);
}

async function erase(partner: TestPartner, customer: object): Promise<Erasure> {
  const { id } = await partner.admin.must<Erasure>(
    202,
    partner.admin.post('/v1/customers/erasures', { customer }),
  );
  return finished(partner, id);
}

async function finished(partner: TestPartner, id: string): Promise<Erasure> {
  let erasure: Erasure | undefined;
  await eventually(async () => {
    erasure = (await partner.admin.get<Erasure>(`/v1/customers/erasures/${id}`)).body;
    return erasure.status === 'done';
  }, PATIENCE_MS);
  return erasure!;
}

async function reports(): Promise<unknown[]> {
  const period = `from=${daysFromNow(-20)}&to=${daysFromNow(5)}`;
  const groups = ['', '&groupBy=partner', '&groupBy=channel', '&groupBy=day', '&groupBy=placement'];
  return Promise.all(
    groups.map(async (groupBy) => {
      const path = `/v1/campaigns/${campaignId}/report?${period}${groupBy}`;
      return gym.marketer.must(200, gym.marketer.get(path));
    }),
  );
}

const LINKS: readonly [table: string, column: string][] = [
  ['redemptions', 'customer_id'],
  ['redemptions', 'match_id'],
  ['issuances', 'customer_id'],
  ['issuances', 'match_id'],
  ['touches', 'match_id'],
  ['receipts', 'customer_id'],
  ['reservations', 'customer_id'],
  ['customer_counters', 'customer_id'],
  ['campaign_customers', 'customer_id'],
  ['pair_customers', 'customer_id'],
  ['hold_out_customers', 'match_id'],
  ['hold_out_links', 'customer_id'],
  ['hold_out_links', 'match_id'],
];

/** Every id that leads to a customer of these partners, with how many rows have it. */
async function idsInUse(): Promise<Map<string, number>> {
  const counts = LINKS.map(
    ([table, column]) =>
      `select ${column} as id, count(*)::int as count from ${table} where ${column} is not null group by 1`,
  );
  const { rows } = await client.query<{ id: string; count: number }>(
    `select id, sum(count)::int as count from (${counts.join(' union all ')}) c group by id`,
  );
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** The ids that the customer has in a redemption at the gym. */
async function idsOf({ externalId }: Fields): Promise<{ customer_id: string; match_id: string }> {
  const { rows } = await client.query(
    'select customer_id, match_id, fingerprint from redemptions where redeemer_partner_id = $1 and external_id = $2',
    [gym.id, externalId],
  );
  return rows[0] as { customer_id: string; match_id: string };
}

describe('the columns that lead to a customer', () => {
  it('are the ones that an erasure replaces, so that a new table cannot be forgotten', async () => {
    const { rows } = await client.query<{ table: string; column: string }>(
      `select c.table_name as table, c.column_name as column from information_schema.columns c
         join pg_class k on k.relname = c.table_name and k.relkind = 'r'
        where c.table_schema = 'public' and (c.column_name ~ '(customer|match)_id$')`,
    );
    const sorted = (pairs: readonly (readonly [string, string])[]) =>
      pairs.map((pair) => pair.join('.')).sort();
    expect(sorted(rows.map(({ table, column }) => [table, column] as const))).toEqual(sorted(LINKS));
  });
});

describe('an erasure', () => {
  it('leaves no id of the customer anywhere, and changes no figure of any report', async () => {
    const [customer, other] = [newCustomer(), newCustomer()];
    const { redemption } = await live(customer);
    await live(other);
    await attributed();
    const [before, old, inUse] = [await reports(), await idsOf(redemption), await idsInUse()];
    const erasure = await erase(gym, customer);
    await attributed();
    const after = await idsInUse();
    expect([after.has(old.customer_id), after.has(old.match_id)]).toEqual([false, false]);
    const fresh = await idsOf(redemption);
    // As many rows as before are one customer's: the distinct counts and limits of the past stay what they were.
    expect(after.get(fresh.customer_id)).toBe(inUse.get(old.customer_id));
    expect(after.get(fresh.match_id)).toBe(inUse.get(old.match_id));
    expect(after.size).toBe(inUse.size);
    expect(await reports()).toEqual(before);
    expect(erasure.rows).toEqual({ redemptions: 3, receipts: 1, issuances: 0, reservations: 1, touches: 1 });
  });

  it('keeps what the partner knew of others, and what the other partner knows of this one', async () => {
    const [customer, other] = [newCustomer(), newCustomer()];
    await live(customer);
    const { redemption } = await live(other);
    const untouched = await idsOf(redemption);
    const atCafe = async () => {
      const { rows } = await client.query<{ customer_id: string }>(
        'select customer_id from redemptions where redeemer_partner_id = $1 order by id',
        [cafe.id],
      );
      return rows;
    };
    const before = await atCafe();
    await erase(gym, customer);
    expect(await idsOf(redemption)).toEqual(untouched);
    expect(await atCafe()).toEqual(before);
  });

  it('leaves nothing by which a body could be tried, and a repeat still gets the stored answer', async () => {
    const customer = newCustomer();
    const { redemption, receipt, touch } = await live(customer);
    await erase(gym, customer);
    const { rows } = await client.query<{ size: number }>(
      `select length(fingerprint) as size from redemptions where redeemer_partner_id = $1 and external_id = $2
       union all select length(fingerprint) from receipts where redeemer_partner_id = $1 and external_id = $3
       union all select length(fingerprint) from touches where redeemer_partner_id = $1 and external_id = $4`,
      [gym.id, redemption['externalId'], receipt['externalId'], touch['externalId']],
    );
    expect(rows).toEqual([{ size: 0 }, { size: 0 }, { size: 0 }]);
    const again = await gym.pos.post('/v1/redemptions', redemption);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    for (const [path, item] of [
      ['/v1/receipts/batch', receipt],
      ['/v1/touches/batch', touch],
    ] as const) {
      const body = await gym.pos.must<{ results: Fields[] }>(200, gym.pos.post(path, { items: [item] }));
      expect(body.results).toMatchObject([{ status: 'stored', replayed: true }]);
    }
  });

  it('keeps the uses of the past to be given back, and lets the customer begin anew', async () => {
    const customer = newCustomer();
    const redemption = await redeem(gym, 'ATGYM', { customer });
    const old = await idsOf(redemption);
    await erase(gym, customer);
    const fresh = await idsOf(redemption);
    const usesOf = async (id: string) => {
      const { rows } = await client.query<{ uses: number }>(
        'select uses from customer_counters where customer_id = $1',
        [id],
      );
      return rows.map(({ uses }) => uses);
    };
    expect([await usesOf(old.customer_id), await usesOf(fresh.customer_id)]).toEqual([[], [1]]);
    const reversal = {
      ...{ externalId: randomUUID(), redemptionExternalId: redemption['externalId'], reason: 'return' },
      occurredAt: new Date().toISOString(),
    };
    await gym.pos.must(201, gym.pos.post('/v1/reversals', reversal));
    await eventually(async () => (await usesOf(fresh.customer_id))[0] === 0, PATIENCE_MS);
    const anew = await redeem(gym, 'ATGYM', { customer });
    expect((await idsOf(anew)).customer_id).toBe(old.customer_id);
  });

  it('twice changes nothing the second time, and of a customer that nobody knows is no error', async () => {
    const customer = newCustomer();
    await live(customer);
    await erase(gym, customer);
    const again = await erase(gym, customer);
    const nothing = { redemptions: 0, receipts: 0, issuances: 0, reservations: 0, touches: 0 };
    expect(again.rows).toEqual(nothing);
    expect((await erase(gym, { reference: 'never seen' })).rows).toEqual(nothing);
  });

  it('forgets every detail that is given', async () => {
    const [phone, email] = [newCustomer().phone, `${randomUUID()}@example.org`];
    const rows = [
      await redeem(gym, 'ATGYM', { customer: { phone } }),
      await redeem(gym, 'ATGYM', { customer: { email } }),
    ];
    const old = await Promise.all(rows.map(idsOf));
    expect((await erase(gym, { phone, email })).rows).toMatchObject({ redemptions: 2 });
    const after = await idsInUse();
    expect(old.map(({ customer_id }) => after.has(customer_id))).toEqual([false, false]);
  });

  it('may be asked of its own partner only, by an admin or the operator, and says who asked but not whom', async () => {
    const customer = newCustomer();
    const path = '/v1/customers/erasures';
    expect((await gym.marketer.post(path, { customer })).status).toBe(403);
    expect((await gym.pos.post(path, { customer })).status).toBe(403);
    expect((await gym.admin.post(path, { customer, partnerId: cafe.id })).status).toBe(404);
    expect((await app.operator.post(path, { customer })).status).toBe(400);
    expect((await gym.admin.post(path, { customer: { phone: '12' } })).status).toBe(422);
    const asked = await app.operator.must<Erasure>(
      202,
      app.operator.post(path, { customer, partnerId: gym.id }),
    );
    expect((await cafe.admin.get(`${path}/${asked.id}`)).status).toBe(404);
    await finished(gym, asked.id);
    const listed = await gym.admin.get<{ items: Fields[] }>(`${path}?limit=200`);
    expect(listed.body.items.at(-1)).toMatchObject({
      id: asked.id,
      requestedByKeyId: expect.any(String) as unknown,
    });
    const { rows } = await client.query('select from customer_erasure_links');
    expect(rows).toEqual([]);
  });

  it('finds what tills post while it runs, and however many rows there are', async () => {
    const customer = newCustomer();
    const redemption = await redeem(gym, 'ATGYM', { customer });
    await attributed();
    const old = await idsOf(redemption);
    // More than one chunk of receipts, written where no till has to be waited for.
    await client.query(
      `insert into receipts (redeemer_partner_id, id, external_id, fingerprint, channel_id, number, occurred_at, day, total, customer_id)
       select $1, gen_random_uuid(), 'many-' || g, 'x', $2, 'many-' || g, now() - interval '1 day', current_date - 1, 100, $3
         from generate_series(1, 2500) g`,
      [gym.id, gym.channelId, old.customer_id],
    );
    const before = await reports();
    // A till that has begun before the erasure and commits after its first look.
    const till = new pg.Client(app.databaseUrl);
    await till.connect();
    await till.query('begin');
    await till.query(
      `insert into receipts (redeemer_partner_id, id, external_id, fingerprint, channel_id, number, occurred_at, day, total, customer_id)
       values ($1, gen_random_uuid(), 'slow', 'x', $2, 'slow', now() - interval '1 day', current_date - 1, 100, $3)`,
      [gym.id, gym.channelId, old.customer_id],
    );
    const { id } = await gym.admin.must<Erasure>(202, gym.admin.post('/v1/customers/erasures', { customer }));
    await eventually(async () => {
      const { body } = await gym.admin.get<Erasure>(`/v1/customers/erasures/${id}`);
      return body.rows['receipts'] === 2_500;
    }, PATIENCE_MS);
    expect((await gym.admin.get(`/v1/customers/erasures/${id}`)).body).toMatchObject({ status: 'pending' });
    await till.query('commit');
    await till.end();
    expect((await finished(gym, id)).rows).toMatchObject({ receipts: 2_501, redemptions: 1 });
    expect((await idsInUse()).has(old.customer_id)).toBe(false);
    const figures = ({ figures: all }: { figures: Record<string, { value?: string }> }) => [
      all['newCustomers']?.value,
      all['returningCustomers']?.value,
    ];
    const [total] = (await reports()) as [{ figures: Record<string, { value?: string }> }];
    const [was] = before as [{ figures: Record<string, { value?: string }> }];
    const sum = (report: typeof total) => figures(report).reduce((all, value) => all + Number(value), 0);
    expect(sum(total)).toBe(sum(was));
  });

  it('among redemptions and reversals of the same customer loses no use and counts no customer twice', async () => {
    const customer = newCustomer();
    await attributed();
    const [before] = (await reports()) as [{ figures: Record<string, { value: string }> }];
    const posts = Array.from({ length: 30 }, () => buildRedemption(gym, 'ATGYM', { customer }));
    const reversals = posts.slice(0, 10).map((post) => ({
      ...{ externalId: randomUUID(), redemptionExternalId: post['externalId'], reason: 'return' },
      occurredAt: new Date().toISOString(),
    }));
    await Promise.all([
      ...posts.slice(0, 15).map((post) => gym.pos.must(201, gym.pos.post('/v1/redemptions', post))),
      erase(gym, customer),
      ...posts.slice(15).map((post) => gym.pos.must(201, gym.pos.post('/v1/redemptions', post))),
      ...reversals.map((reversal) => gym.pos.must(201, gym.pos.post('/v1/reversals', reversal))),
      erase(gym, customer),
    ]);
    await erase(gym, customer);
    await attributed();
    const { rows } = await client.query<{ held: string; counted: string; kept: string; found: string }>(
      `select (select count(*) from redemptions r where r.redeemer_partner_id = $1 and r.status = 'accepted' and r.customer_id is not null
                  and not exists (select from reversal_applications a where a.redeemer_partner_id = r.redeemer_partner_id
                                     and a.redemption_id = r.id and a.use_returned)) as held,
              (select sum(uses) from customer_counters where redeemer_partner_id = $1) as counted,
              (select count(*) from campaign_customers where redeemer_partner_id = $1) as kept,
              (select count(distinct (r.customer_id, r.campaign_id)) from redemptions r
                where r.redeemer_partner_id = $1 and r.status = 'accepted' and r.customer_id is not null
                  and not exists (select from reversal_applications a where a.redeemer_partner_id = r.redeemer_partner_id
                                     and a.redemption_id = r.id and a.completes)) as found`,
      [gym.id],
    );
    expect(rows[0]!.counted).toBe(rows[0]!.held);
    expect(rows[0]!.kept).toBe(rows[0]!.found);
    const [after] = (await reports()) as [{ figures: Record<string, { value: string }> }];
    const redeemed = ({ figures }: typeof after) => Number(figures['acceptedRedemptions']!.value);
    expect(redeemed(after) - redeemed(before)).toBe(20);
  });
});
