import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import {
  buildCampaign,
  buildCodeWord,
  buildPartner,
  buildRedemption,
  type TestPartner,
} from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

/** Statements on the tills' connections, in the order in which they are sent. */
const statements: string[] = [];
let app: TestApp;
let issuer: TestPartner;
let redeemer: TestPartner;
let word: string;

beforeAll(async () => {
  watchStatements();
  app = await testApp();
  issuer = await buildPartner(app.operator);
  redeemer = await buildPartner(app.operator);
  const offer = { totalLimit: 100_000, dailyLimit: 100_000, perCustomerLimit: 100_000 };
  const budget = { perDay: { redemptions: 100_000 } };
  const { offerIds } = await buildCampaign(app.operator, { issuer, redeemer, offer, fields: { budget } });
  word = 'COUNTED';
  await buildCodeWord(issuer, offerIds[0]!, word);
  // Makes the counter of the offer and reads its terms for the first time.
  await redeemBatch([word]);
});

afterAll(async () => {
  jest.restoreAllMocks();
  await app?.stop();
});

/** The one thing that is watched and not real: what pg is asked to send. It is sent all the same. */
function watchStatements(): void {
  const send = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: unknown, ...args: unknown[]) {
    if ((this as { pipeline: boolean }).pipeline) {
      const statement = args[0] as string | { name?: string; text: string };
      statements.push(typeof statement === 'string' ? statement : (statement.name ?? statement.text));
    }
    return send.apply(this, args);
  });
}

async function redeemBatch(codes: readonly string[], fields: object = {}): Promise<string[]> {
  statements.length = 0;
  const items = codes.map((code) =>
    buildRedemption(redeemer, code, { customer: { reference: randomUUID() }, ...fields }),
  );
  const body = await redeemer.pos.must<{ results: { status: string; reason?: string }[] }>(
    200,
    redeemer.pos.post('/v1/redemptions/batch', { items }),
  );
  return body.results.map(({ status, reason }) => reason ?? status);
}

describe('the statements of a decision', () => {
  const DECISION = [
    'begin',
    'code_lock_for_decision',
    'reservations_lock',
    'redemptions_find_stored',
    'counters_read',
    'reservations_find_held',
    'redemptions_used_on_receipts',
    'redemptions_insert',
    'code_claim_uses',
    'offer_counters_take',
    'offer_day_counters_take',
    'offer_channel_counters_take',
    'customer_counters_take',
    'outbox_share',
    'commit',
  ];

  it.each([1, 2, 100, 500])('are as many for %i redemptions as for one', async (count) => {
    const outcomes = await redeemBatch(Array<string>(count).fill(word));
    expect(new Set(outcomes)).toEqual(new Set(['accepted']));
    expect(statements).toEqual(DECISION);
  });

  it('are two more when something was not found, however much', async () => {
    const unknown = Array.from({ length: 20 }, (_, index) => `NOTHING LIKE IT ${index}`);
    const outcomes = await redeemBatch([word, ...unknown], { offline: true });
    expect(new Set(outcomes)).toEqual(new Set(['accepted', 'code.unknown']));
    const more = ['code_foreign_keys', 'code_coupon_shapes'];
    expect([...statements].sort()).toEqual([...DECISION, ...more].sort());
  });
});
