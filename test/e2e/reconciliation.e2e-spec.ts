import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { attributed } from '../support/attributed.js';
import {
  buildCampaign,
  buildCodeWord,
  buildPartner,
  buildRedemption,
  eur,
  type TestPartner,
} from '../support/programme.js';
import { reconcile } from '../support/reconciliation-bench.js';
import { testApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let database: pg.Client;
let market: TestPartner;
let fuel: TestPartner;
let discountId: string;
let giftId: string;
let posted = 0;

beforeAll(async () => {
  app = await testApp();
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
  [market, fuel] = [await buildPartner(app.operator), await buildPartner(app.operator)];
  [discountId, giftId] = [
    await running('SAVE', { kind: 'percent', value: '10' }, { issuance: {} }),
    await running('MUG', { kind: 'gift', label: 'a mug', unitCost: eur('1.50') }, { dailyLimit: 4 }),
  ];
  await tradeForAWhile();
  await attributed(app.databaseUrl);
}, 120_000);

afterAll(async () => {
  await database?.end();
  await app?.stop();
});

/** A campaign in which the market hands out a code word for the fuel station; answers its id. */
async function running(word: string, reward: object, conditions: object): Promise<string> {
  const { id, offerIds } = await buildCampaign(app.operator, {
    ...{ issuer: market, redeemer: fuel, offer: { reward, ...conditions } },
    fields: { offlinePolicy: { mode: 'honour', maxDelayHours: 72, bearer: 'redeemer' } },
  });
  await buildCodeWord(market, offerIds[0]!, word);
  return id;
}

/** Everything that counts something: sales on and off line, refusals, returns in parts, coupons, receipts, reservations. */
async function tradeForAWhile(): Promise<void> {
  const { pos } = fuel;
  const customer = (index: number) => ({ customer: { reference: `c${index % 5}` } });
  const yesterday = new Date(Date.now() - 26 * 3_600_000).toISOString();
  for (let index = 0; index < 12; index += 1) {
    const word = index % 3 === 0 ? 'MUG' : 'SAVE';
    const late = index % 4 === 0 ? { occurredAt: yesterday, offline: true } : {};
    const sale = buildRedemption(fuel, word, { ...late, ...(index % 2 && customer(index)) });
    await pos.must(201, pos.post('/v1/redemptions', sale));
    if (index % 5 === 1) await takeBack(String(sale['externalId']), '10.00');
    if (index % 6 === 2) await takeBack(String(sale['externalId']));
  }
  for (let index = 0; index < 8; index += 1)
    await pos.must(201, pos.post('/v1/redemptions', buildRedemption(fuel, 'MUG', { offline: true })));
  const held = await pos.must(201, pos.post('/v1/reservations', { code: 'SAVE', channelId: fuel.channelId }));
  const sale = buildRedemption(fuel, 'SAVE', { reservationId: held.id });
  await pos.must(201, pos.post('/v1/redemptions', sale));
  await issueAndRedeem();
  await pos.must(200, pos.post('/v1/receipts/batch', { items: [1, 2, 3].map((index) => receipt(index)) }));
}

async function takeBack(redemptionExternalId: string, amount?: string): Promise<void> {
  posted += 1;
  const money = amount === undefined ? {} : { amount: eur(amount) };
  const times = { reason: 'return', occurredAt: new Date().toISOString() };
  const body = { externalId: `back-${posted}`, redemptionExternalId, ...money, ...times };
  await fuel.pos.must(201, fuel.pos.post('/v1/reversals', body));
}

async function issueAndRedeem(): Promise<void> {
  const { rows } = await database.query<{ id: string }>('select id from offers where campaign_id = $1', [
    discountId,
  ]);
  const path = `/v1/offers/${rows[0]!.id}/issuances`;
  for (let index = 0; index < 3; index += 1) {
    const coupon = await market.pos.must<{ code: string }>(
      201,
      market.pos.post(path, { externalId: `i-${index}`, channelId: market.channelId }),
    );
    await fuel.pos.must(201, fuel.pos.post('/v1/redemptions', buildRedemption(fuel, coupon.code)));
  }
}

function receipt(index: number): object {
  const money = { total: eur(`${index}0.00`), ...(index > 1 && { costOfGoods: eur('4.00') }) };
  const sold = { channelId: fuel.channelId, number: `n-${index}`, occurredAt: new Date().toISOString() };
  return { externalId: `s-${index}`, ...sold, ...money };
}

it('what the service itself has counted is what the facts say', async () => {
  expect(await reconcile(app.databaseUrl)).toMatchObject({
    redeemers: 2,
    found: 0,
    differences: [],
    waiting: 0,
  });
  const filled = await database.query(
    `select exists (select from codes where kind = 'coupon' and uses = 1) and exists (select from customer_counters where uses > 0)
        and exists (select from offer_day_counters where spent > 0) and exists (select from issuance_counters)
        and exists (select from redemptions where honoured_over_limit) and exists (select from reversal_applications where cost_returned > 0)
        and exists (select from channel_days where single_receipts > 0) as everything`,
  );
  expect(filled.rows).toEqual([{ everything: true }]);
});

/** The first row of a table that has something in it. */
const one = (table: string, figure: string): string =>
  `ctid = (select min(ctid) from ${table} where ${figure} > 0)`;

describe('a row that is damaged is named, it and no other, and repaired:', () => {
  it.each([
    ['codes', 'uses', 'set uses = uses + 2'],
    ['codes', 'uses', 'set uses = 0'],
    ['offer_counters', 'spent', 'set spent = spent + 100'],
    ['offer_day_counters', 'uses', 'delete'],
    ['offer_channel_counters', 'uses', 'set uses = uses + 1'],
    ['customer_counters', 'uses', 'set uses = uses + 5'],
    ['issuance_counters', 'issued', 'set issued = issued - 1'],
    ['channel_days', 'single_revenue', 'set single_revenue = 0'],
    ['channel_days', 'single_receipts', 'delete'],
  ])('%s.%s, %s', async (table, figure, damage) => {
    const before = await rowsOf(table);
    const what = damage === 'delete' ? `delete from ${table}` : `update ${table} ${damage}`;
    expect((await database.query(`${what} where ${one(table, figure)}`)).rowCount).toBe(1);
    const { found, differences } = await reconcile(app.databaseUrl);
    expect([found, differences.map(({ relation }) => relation)]).toEqual([1, [table]]);
    expect(differences[0]?.stored?.[figure]).not.toBe(differences[0]?.expected?.[figure]);
    expect(await reconcile(app.databaseUrl, { repairs: true })).toMatchObject({ found: 1, left: 0 });
    expect(await rowsOf(table)).toEqual(before);
  });
});

async function rowsOf(table: string): Promise<unknown[]> {
  // Issuances are counted in slots, of which only the sum means anything.
  const what =
    table === 'issuance_counters'
      ? 'select t.placement_id, sum(t.issued) as issued from issuance_counters as t group by 1 order by 1'
      : `select t.* from ${table} as t order by t::text`;
  return (await database.query(what)).rows;
}

it('a code that was used more often than it may be stays at its maximum, and is named again', async () => {
  await database.query(`update codes set max_redemptions = 1, uses = 0 where code_key = 'MUG'`);
  expect(await reconcile(app.databaseUrl, { repairs: true })).toMatchObject({ found: 1, left: 1 });
  const { rows } = await database.query(`select uses from codes where code_key = 'MUG'`);
  expect(rows).toEqual([{ uses: 1 }]);
  await database.query(`update codes set max_redemptions = null where code_key = 'MUG'`);
  expect(await reconcile(app.databaseUrl, { repairs: true })).toMatchObject({ found: 1, left: 0 });
});

it('only the campaign or the redeemer that is asked for is compared and repaired', async () => {
  await database.query('update offer_counters set uses = uses + 1 where uses > 0');
  const nobody = await reconcile(app.databaseUrl, { scope: { redeemerId: market.id } });
  expect(nobody).toMatchObject({ redeemers: 1, found: 0 });
  const one = await reconcile(app.databaseUrl, { scope: { campaignId: giftId }, repairs: true });
  expect(one).toMatchObject({ redeemers: 1, found: 1, left: 0 });
  expect(await reconcile(app.databaseUrl, { scope: { redeemerId: fuel.id }, repairs: true })).toMatchObject({
    found: 1,
    left: 0,
  });
});

it('a comparison or a repair beside tills and workers neither finds what is only under way nor disturbs it', async () => {
  let isOver = false;
  const selling = async (): Promise<void> => {
    while (!isOver) {
      const sale = buildRedemption(fuel, 'SAVE', { customer: { reference: `c${posted % 7}` } });
      await fuel.pos.must(201, fuel.pos.post('/v1/redemptions', sale));
      if (posted % 3 === 0) await takeBack(String(sale['externalId']), posted % 2 === 0 ? '5.00' : undefined);
      posted += 1;
    }
  };
  const tills = [selling(), selling(), selling()];
  for (let round = 0; round < 4; round += 1) {
    expect(await reconcile(app.databaseUrl, { chunk: 20 })).toMatchObject({ found: 0 });
    await database.query('update campaign_daily set discount = discount + 1 where redemptions > 0');
    await database.query(
      'update redemption_facts set revenue = revenue + 1 where redemptions > 0 and random() < 0.5',
    );
    await database.query('update offer_day_counters set uses = uses + 1');
    const repaired = await reconcile(app.databaseUrl, { repairs: true, chunk: 20 });
    expect(repaired.found).toBeGreaterThan(2);
    expect(repaired.left).toBe(0);
  }
  isOver = true;
  await Promise.all(tills);
  await attributed(app.databaseUrl);
  expect(await reconcile(app.databaseUrl)).toMatchObject({ found: 0, waiting: 0 });
}, 120_000);
