import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Api } from '../support/api.js';
import { attributed } from '../support/attributed.js';
import { eventually } from '../support/eventually.js';
import {
  buildCampaign,
  buildCodeWord,
  buildPartner,
  buildRedemption,
  type TestPartner,
} from '../support/programme.js';
import { newOperatorKey, testApp, type TestApp } from '../support/test-app.js';
import { testDatabase } from '../support/test-database.js';
import { testProcess } from '../support/test-process.js';

describe('the operator', () => {
  let app: TestApp;
  let redeemer: TestPartner;

  beforeAll(async () => {
    app = await testApp();
    const issuer = await buildPartner(app.operator);
    redeemer = await buildPartner(app.operator);
    const campaign = await buildCampaign(app.operator, { issuer, redeemer });
    await buildCodeWord(issuer, campaign.offerIds[0]!, 'METERED');
  });

  afterAll(() => app?.stop());

  it('sees that the process lives and is ready', async () => {
    const [live, ready] = await Promise.all([
      app.operator.as('').get('/health/live'),
      app.operator.as('').get('/health/ready'),
    ]);
    expect(live.body).toEqual({ status: 'up' });
    expect(ready.body).toEqual({ status: 'up', database: 'up', queue: 'up' });
  });

  it('counts decisions by outcome and reason, repeats apart', async () => {
    const post = buildRedemption(redeemer, 'METERED');
    await redeemer.pos.post('/v1/redemptions', post);
    await redeemer.pos.post('/v1/redemptions', post);
    await redeemer.pos.post('/v1/redemptions', buildRedemption(redeemer, 'NOBODY KNOWS'));
    await attributed(app.databaseUrl);
    const scrape = async () => (await app.operator.as('').get('/metrics')).text;
    // A bell that rang while the worker was at it is answered after the work is done.
    await eventually(async () => /tandem_queue_oldest_waiting_seconds 0\n/.test(await scrape()), 30_000);
    const text = await scrape();
    expect(text).toContain('tandem_decisions_total{outcome="accepted",reason=""} 1');
    expect(text).toContain('tandem_decisions_total{outcome="refused",reason="code.unknown"} 1');
    expect(text).toContain('tandem_replays_total 1');
    expect(text).toMatch(/tandem_decision_batch_size_count [1-9]/);
    expect(text).toMatch(/tandem_attributed_total [1-9]/);
    expect(text).toMatch(/tandem_outbox_rows 0/);
  });

  it('gets work done that the queue store forgot, within the interval of the sweeper', async () => {
    const client = new pg.Client({ connectionString: app.databaseUrl });
    await client.connect();
    // The relay's job is taken away the moment it is there: only the sweeper can know of the redemption.
    await client.query(
      `create function forget() returns trigger language plpgsql as $$ begin return null; end $$`,
    );
    await client.query(
      `create trigger forget before insert on bullmq.job for each row execute function forget()`,
    );
    await redeemer.pos.must(201, redeemer.pos.post('/v1/redemptions', buildRedemption(redeemer, 'METERED')));
    await sleep(1_000);
    expect((await client.query('select from outbox')).rowCount).toBe(1);
    await client.query(`drop trigger forget on bullmq.job`);
    await client.end();
    await attributed(app.databaseUrl, 20_000);
  });
});

describe('work that failed for good', () => {
  let app: TestApp;
  let database: pg.Client;

  beforeAll(async () => {
    // It is logged as an error, here on purpose.
    app = await testApp({ LOG_LEVEL: 'silent' });
    database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
  });

  afterAll(async () => {
    await database?.end();
    await app?.stop();
  });

  /** Work that nobody can do, of both kinds: named after the one try that it has left. */
  async function lastTry(topic: string): Promise<string> {
    const { rows } = await database.query<{ id: string }>(
      `insert into outbox (id, topic, payload, attempts, publish_after)
       values (gen_random_uuid(), $1, '{"nonsense": {}}', 5, now()) returning id`,
      [topic],
    );
    return rows[0]!.id;
  }

  interface Parked {
    readonly items: {
      readonly id: string;
      readonly topic: string;
      readonly attempts: number;
      readonly failure: string;
      readonly references: unknown;
    }[];
  }
  const parked = async () => (await app.operator.get<Parked>('/v1/outbox/parked')).body.items;

  it('is listed with its reason, counted, and done when the operator has it tried again', async () => {
    const ids = [await lastTry('recorded-facts'), await lastTry('coupons')];
    await eventually(async () => (await parked()).length === 2, 30_000);
    expect(await parked()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          id: ids[0],
          topic: 'recorded-facts',
          attempts: 6,
          references: { nonsense: {} },
        }),
        expect.objectContaining({
          id: ids[1],
          topic: 'coupons',
          failure: expect.stringContaining('nonsense'),
        }),
      ]),
    );
    const { text } = await app.operator.as('').get('/metrics');
    expect(text).toMatch(/tandem_outbox_parked_rows 2/);

    await database.query(`update outbox set payload = '{}' where id = $1`, [ids[0]]);
    expect((await app.operator.post(`/v1/outbox/parked/${ids[0]}/retry`, undefined)).status).toBe(204);
    await eventually(async () => (await database.query('select from outbox')).rowCount === 1, 30_000);
    expect((await app.operator.post(`/v1/outbox/parked/${ids[0]}/retry`, undefined)).status).toBe(404);

    // Nothing was mended here, so it is tried anew, and it waits for the next try.
    expect((await app.operator.post('/v1/outbox/parked/retry', undefined)).body).toEqual({ retried: 1 });
    const attempts = `select from outbox where id = $1 and attempts = 1 and isfinite(publish_after)`;
    await eventually(async () => (await database.query(attempts, [ids[1]])).rowCount === 1, 30_000);
    expect(await parked()).toEqual([]);
  });

  it('is the business of the operator alone', async () => {
    const { marketer } = await buildPartner(app.operator);
    expect((await marketer.get('/v1/outbox/parked')).status).toBe(403);
  });
});

describe('a process that is asked to stop', () => {
  it('answers what it has taken, then ends by itself with code 0', async () => {
    const database = await testDatabase();
    const operatorKey = newOperatorKey();
    const process = await testProcess({ DATABASE_URL: database.url, OPERATOR_KEY: operatorKey });
    const operator = new Api(process.url, operatorKey);
    const issuer = await buildPartner(operator);
    const redeemer = await buildPartner(operator);
    const campaign = await buildCampaign(operator, { issuer, redeemer });
    await buildCodeWord(issuer, campaign.offerIds[0]!, 'LAST CALL');
    const posts = Array.from({ length: 100 }, () =>
      redeemer.pos.post('/v1/redemptions', buildRedemption(redeemer, 'LAST CALL')),
    );
    await Promise.race(posts);
    await process.stop();
    const answers = await Promise.allSettled(posts);
    const accepted = answers.flatMap((answer) =>
      answer.status === 'fulfilled' && answer.value.status === 201 ? [answer.value] : [],
    );
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::int as n from redemptions where status = 'accepted'`,
    );
    await client.end();
    expect(process.child.exitCode).toBe(0);
    expect(accepted.length).toBeGreaterThan(0);
    expect(rows[0]!.n).toBeGreaterThanOrEqual(accepted.length);
    await database.drop();
  });

  it('is told everything that is wrong with its settings', async () => {
    await expect(
      testProcess({ DATABASE_URL: 'mysql://nowhere', REDIS_URL: 'x', ROLE: 'boss' }),
    ).rejects.toThrow(/DATABASE_URL[^]*REDIS_URL[^]*ROLE/);
  });
});
