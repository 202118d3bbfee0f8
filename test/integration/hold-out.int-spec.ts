import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Arm } from '../../src/hold-out/domain/assign-arm.js';
import { HoldOutRepository } from '../../src/hold-out/hold-out.repository.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { type ArmSums, compareHoldOut, sumArm } from '../../src/uplift/domain/compare-hold-out.js';
import { upliftResponse, type UpliftResponse } from '../../src/uplift/uplift.dto.js';
import { attributed } from '../support/attributed.js';
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

type Compared = Exclude<UpliftResponse['holdOut'], { undefined: string }>;

const CUSTOMERS = 160;
const PATIENCE_MS = 30_000;

/*
 * Of the customers whom the café asks for, 20 treated ones buy for 20.00 at the gym, one redeems a code for 45.00 and one has a code on a
 * posted receipt of 30.00; of those held out, 5 buy for 20.00. All of it yesterday, ten days after they were assigned; what happened
 * before that, today, or was given back does not count. Flyers for 92.00 and discounts of 5.00 and 3.00 make 100.00.
 */
let app: TestApp;
let database: pg.Client;
let cafe: TestPartner;
let gym: TestPartner;
let campaignId: string;
let treated: object[];
let heldOut: object[];

const yesterday = `${daysFromNow(-1)}T10:00:00.000Z`;
const phone = (index: number) => ({ phone: `+4930${8_000_000 + index}` });

function receipt(customer: object | undefined, amount: string, fields: object = {}) {
  return {
    ...{ externalId: randomUUID(), channelId: gym.channelId, number: randomUUID(), occurredAt: yesterday },
    ...(customer && { customer }),
    total: eur(amount),
    ...fields,
  };
}

async function post(items: object[]): Promise<void> {
  const body = await gym.pos.must<{ results: { status?: string }[] }>(
    200,
    gym.pos.post('/v1/receipts/batch', { items }),
  );
  expect(body.results.map(({ status }) => status)).toEqual(items.map(() => 'stored'));
}

async function redeem(customer: object, number: string, amount: string): Promise<string> {
  const fields = {
    customer,
    occurredAt: yesterday,
    offline: true,
    receipt: { number, subtotal: eur(amount) },
  };
  const body = buildRedemption(gym, 'ATGYM', fields);
  await gym.pos.must(201, gym.pos.post('/v1/redemptions', body));
  return String(body['externalId']);
}

/** Assigns customers and dates it back, so that days that are over hold what they did since. */
async function assign(id: string, customers: object[]): Promise<{ treated: object[]; heldOut: object[] }> {
  const path = `/v1/campaigns/${id}/hold-out/assignments`;
  const { assignments } = await cafe.marketer.must<{ assignments: { arm: string }[] }>(
    200,
    cafe.marketer.post(path, { customers }),
  );
  await database.query(
    `update hold_out_customers set assigned_at = assigned_at - interval '10 days' where campaign_id = $1`,
    [id],
  );
  const of = (arm: string) => customers.filter((_, index) => assignments[index]?.arm === arm);
  return { treated: of('treated'), heldOut: of('held_out') };
}

async function holdOut(partner = gym, id = campaignId): Promise<UpliftResponse['holdOut']> {
  const path = `/v1/campaigns/${id}/uplift`;
  const answer = await partner.finance.must<UpliftResponse>(200, partner.finance.get(path));
  expect(upliftResponse.parse(answer)).toEqual(answer);
  return answer.holdOut;
}

async function compared(partner = gym): Promise<Compared> {
  const found = await holdOut(partner);
  if ('undefined' in found) throw new Error(found.undefined);
  return found;
}

beforeAll(async () => {
  app = await testApp();
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
  cafe = await buildPartner(app.operator);
  gym = await buildPartner(app.operator);
  const campaign = await buildCampaign(app.operator, {
    ...{ issuer: cafe, redeemer: gym, fields: { holdOutShare: '0.5' } },
  });
  campaignId = campaign.id;
  await buildCodeWord(cafe, campaign.offerIds[0]!, 'ATGYM');
  const customers = Array.from({ length: CUSTOMERS }, (_, index) => phone(index));
  ({ treated, heldOut } = await assign(campaignId, customers));
  const before = { occurredAt: `${daysFromNow(-15)}T10:00:00.000Z` };
  await post([
    ...treated.slice(0, 20).map((customer) => receipt(customer, '20.00')),
    ...heldOut.slice(0, 5).map((customer) => receipt(customer, '20.00')),
    ...[receipt(treated[23], '99.00', before), receipt(heldOut[6], '99.00', before)],
    receipt(heldOut[7], '99.00', { occurredAt: new Date().toISOString() }),
    ...[receipt(undefined, '99.00'), receipt(phone(9_999), '99.00')],
    receipt(treated[21], '30.00', { number: 'with-a-code' }),
  ]);
  await redeem(treated[20]!, 'not-posted', '50.00');
  await redeem(treated[21]!, 'with-a-code', '30.00');
  const undone = await redeem(treated[22]!, 'given-back', '70.00');
  await gym.pos.must(
    201,
    gym.pos.post('/v1/reversals', {
      ...{ externalId: randomUUID(), redemptionExternalId: undone, reason: 'return' },
      occurredAt: yesterday,
    }),
  );
  await app.operator.must(
    201,
    app.operator.post(`/v1/campaigns/${campaignId}/costs`, {
      ...{ category: 'flyers', payerPartnerId: cafe.id, amount: eur('92.00') },
      incurredOn: daysFromNow(-3),
    }),
  );
  await attributed(app.databaseUrl);
}, 120_000);

afterAll(async () => {
  await database?.end();
  await app?.stop();
});

/** What each customer of an arm spent. */
function outcomes(spent: readonly number[], customers: number): number[] {
  return [...spent, ...Array.from({ length: customers - spent.length }, () => 0)];
}
const spentByTreated = () => outcomes([...Array.from({ length: 20 }, () => 20), 45, 30], treated.length);
const spentByHeldOut = () => outcomes([20, 20, 20, 20, 20], heldOut.length);
const bought = (spent: number[]): ArmSums => sumArm(spent.map((amount) => Math.sign(amount)));

function interval(found: ReturnType<typeof compareHoldOut>) {
  if (found.kind === 'undefined') throw new Error(found.reason);
  return found.difference;
}

describe('the comparison with those held out', () => {
  it('counts each sale of an assigned customer once, from its assignment to the last day that is over', async () => {
    const found = await compared();
    expect(found.treated).toEqual({
      ...{ customers: treated.length, converted: 22 },
      conversionRate: expect.any(String),
      revenuePerCustomer: (475 / treated.length).toFixed(2),
    });
    expect(Number(found.treated?.conversionRate)).toBeCloseTo((22 / treated.length) * 100, 5);
    expect(found.heldOut).toMatchObject({
      ...{ customers: heldOut.length, converted: 5 },
      revenuePerCustomer: (100 / heldOut.length).toFixed(2),
    });
    expect(treated.length + heldOut.length).toBe(CUSTOMERS);
  });

  it('gives differences with their intervals, and what a customer cost that would not have come', async () => {
    const found = await compared();
    const spending = interval(compareHoldOut(sumArm(spentByTreated()), sumArm(spentByHeldOut())));
    const rates = interval(compareHoldOut(bought(spentByTreated()), bought(spentByHeldOut())));
    if ('undefined' in found.revenuePerCustomer || 'undefined' in found.conversionRate)
      throw new Error('both differ');
    for (const bound of ['value', 'lower', 'upper'] as const) {
      expect(Number(found.revenuePerCustomer[bound])).toBeCloseTo(spending[bound], 1);
      expect(Number(found.conversionRate[bound])).toBeCloseTo(rates[bound] * 100, 4);
    }
    const incremental = 22 - (treated.length * 5) / heldOut.length;
    expect(Number(found.incrementalCustomers)).toBeCloseTo(incremental, 5);
    expect(found.incrementalCac).toEqual({ value: expect.any(String) });
    const { value } = found.incrementalCac as { value: string };
    expect(Math.abs(Number(value) - 100 / incremental)).toBeLessThan(0.006);
  });

  it('tells the issuer the effect, and nothing of either arm by itself', async () => {
    const { treated: _, heldOut: __, ...effect } = await compared();
    expect(await holdOut(cafe)).toEqual(effect);
  });

  it('is what it was after a customer was erased, of whom no id is left', async () => {
    const before = await compared();
    const ids = async () => {
      const { rows } = await database.query<{ id: string }>(
        `select match_id as id from hold_out_customers where campaign_id = $1
         union all select customer_id from hold_out_links where campaign_id = $1
         union all select match_id from hold_out_links where campaign_id = $1`,
        [campaignId],
      );
      return rows.map(({ id }) => id);
    };
    const old = await ids();
    const { id } = await gym.admin.must<{ id: string }>(
      202,
      gym.admin.post('/v1/customers/erasures', { customer: treated[0] }),
    );
    await eventually(async () => {
      const { body } = await gym.admin.get<{ status: string }>(`/v1/customers/erasures/${id}`);
      return body.status === 'done';
    }, PATIENCE_MS);
    const left = new Set(await ids());
    // The assignment, and both ids of the link.
    expect(old.filter((one) => !left.has(one))).toHaveLength(3);
    expect(await ids()).toHaveLength(old.length);
    await attributed(app.databaseUrl);
    expect(await compared()).toEqual(before);
  });

  it('is undefined, and says why, without a hold-out and with too few customers', async () => {
    const parties = { issuer: cafe, redeemer: gym };
    const none = await buildCampaign(app.operator, parties);
    expect(await holdOut(gym, none.id)).toEqual({ undefined: 'no-hold-out' });
    const few = await buildCampaign(app.operator, { ...parties, fields: { holdOutShare: '0.5' } });
    await assign(few.id, [phone(1), phone(2)]);
    expect(await holdOut(gym, few.id)).toEqual({ undefined: 'too-few-customers' });
  });
});

describe('two transactions that assign a customer under different shares', () => {
  it('agree on the arm that was recorded first', async () => {
    const source = await createDataSource(app.databaseUrl, { poolSize: 2 }).initialize();
    try {
      const [assignments, repository] = [new Database(source), new HoldOutRepository()];
      const matchId = randomUUID();
      const as = (arm: Arm) => ({ campaignId, redeemerIds: [gym.id], matchIds: [matchId], arms: [arm] });
      let second: Promise<Map<string, Arm>> | undefined;
      await assignments.transaction(async (tx) => {
        expect(await repository.assign(tx, as('treated'))).toEqual(new Map([[matchId, 'treated']]));
        second = assignments.separateTransaction((other) => repository.assign(other, as('held_out')));
        await eventually(async () => {
          const { rows } = await database.query(
            `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          );
          return rows.length > 0;
        }, PATIENCE_MS);
      });
      expect(await second).toEqual(new Map([[matchId, 'treated']]));
    } finally {
      await source.destroy();
    }
  });
});

describe('the link from a receipt to a customer of a campaign', () => {
  const linksOf = async (id: string) => {
    const { rows } = await database.query('select from hold_out_links where campaign_id = $1', [id]);
    return rows.length;
  };

  it('is written once per customer, from the approval of a hold-out on, and never for a campaign without one', async () => {
    const partner = await buildPartner(app.operator);
    const other = await buildPartner(app.operator);
    const sell = async (customer: object) => {
      const item = { ...receipt(customer, '10.00'), channelId: partner.channelId };
      await partner.pos.must(200, partner.pos.post('/v1/receipts/batch', { items: [item] }));
    };
    const parties = { issuer: other, redeemer: partner };
    const without = await buildCampaign(app.operator, parties);
    await sell(phone(1));
    expect(await linksOf(without.id)).toBe(0);
    const { id } = await buildCampaign(app.operator, { ...parties, fields: { holdOutShare: '0.1' } });
    // The process hears of the approval a moment later.
    await eventually(async () => {
      await sell(phone(1));
      return (await linksOf(id)) === 1;
    }, PATIENCE_MS);
    await Promise.all(Array.from({ length: 10 }, () => sell(phone(1))));
    await sell(phone(2));
    expect([await linksOf(id), await linksOf(without.id)]).toEqual([2, 0]);
  });
});
