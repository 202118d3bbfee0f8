import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Api } from '../support/api.js';
import {
  buildCampaign,
  buildCodeWord,
  buildPartner,
  buildRedemption,
  eur,
  type TestPartner,
} from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

describe('a bad request', () => {
  let app: TestApp;
  let redeemer: TestPartner;
  let pos: Api;
  let client: pg.Client;
  let good: Record<string, unknown>;

  beforeAll(async () => {
    app = await testApp();
    const issuer = await buildPartner(app.operator);
    redeemer = await buildPartner(app.operator);
    pos = redeemer.pos;
    const campaign = await buildCampaign(app.operator, { issuer, redeemer });
    await buildCodeWord(issuer, campaign.offerIds[0]!, 'GOOD');
    good = buildRedemption(redeemer, 'GOOD');
    client = new pg.Client({ connectionString: app.databaseUrl });
    await client.connect();
  });

  afterAll(async () => {
    await client?.end();
    await app?.stop();
  });

  const stored = async (): Promise<number> => {
    const { rows } = await client.query<{ n: number }>(
      `select ((select count(*) from redemptions) + (select count(*) from reversals) + (select count(*) from receipts)
             + (select count(*) from channel_days) + (select count(*) from outbox))::int as n`,
    );
    return rows[0]!.n;
  };

  const receipt = (fields: object) => ({ ...good, receipt: { ...(good['receipt'] as object), ...fields } });
  const text = (value: unknown) => JSON.stringify(value);

  const cases: [string, () => unknown, number][] = [
    ['malformed JSON', () => '{"externalId": "x", ', 400],
    ['no body', () => '', 400],
    ['an array instead of an object', () => '[]', 400],
    ['an unknown field', () => ({ ...good, colour: 'red' }), 400],
    ['a missing field', () => ({ ...good, externalId: undefined }), 400],
    ['the same key twice', () => text(good).replace('{', '{"externalId":"a",'), 400],
    ['a key that would change prototypes', () => text(good).replace('{', '{"__proto__":{"x":1},'), 400],
    ['too many decimals for the currency', () => receipt({ subtotal: eur('50.001') }), 400],
    [
      'decimals in a currency without any',
      () => receipt({ subtotal: { amount: '50.00', currency: 'JPY' } }),
      400,
    ],
    ['an unknown currency', () => receipt({ subtotal: { amount: '50.00', currency: 'XYZ' } }), 400],
    ['a huge amount', () => receipt({ subtotal: eur('9'.repeat(20)) }), 400],
    ['an amount with an exponent', () => receipt({ subtotal: eur('1e5') }), 400],
    ['an amount as a number', () => receipt({ subtotal: { amount: 50, currency: 'EUR' } }), 400],
    ['a negative amount', () => receipt({ subtotal: eur('-1.00') }), 400],
    ['a discount above the subtotal', () => ({ ...good, discount: eur('50.01') }), 400],
    [
      'a discount in another currency',
      () => ({ ...good, discount: { amount: '1.00', currency: 'USD' } }),
      400,
    ],
    [
      "a receipt in another currency than the campaign's",
      () => receipt({ subtotal: { amount: '50.00', currency: 'USD' } }),
      422,
    ],
    ['a far-future occurredAt', () => ({ ...good, occurredAt: '2999-01-01T00:00:00Z' }), 400],
    ['an occurredAt without an offset', () => ({ ...good, occurredAt: '2026-06-01T12:00:00' }), 400],
    ['an impossible date', () => ({ ...good, occurredAt: '2026-02-30T12:00:00Z' }), 400],
    ['a code of 10,000 characters', () => ({ ...good, code: 'A'.repeat(10_000) }), 400],
    ['an empty code', () => ({ ...good, code: '' }), 400],
    ['a NUL character', () => ({ ...good, clerk: 'a\u0000b' }), 400],
    [
      'a channel that does not exist',
      () => ({ ...good, channelId: '018f0000-0000-7000-8000-000000000000' }),
      404,
    ],
    ['an id that is none', () => ({ ...good, channelId: '17' }), 400],
    ['an empty customer', () => ({ ...good, customer: {} }), 400],
    ['a phone number without a country', () => ({ ...good, customer: { phone: '12' } }), 422],
    ['a body of 2 MiB', () => text({ ...good, clerk: 'x'.repeat(2 * 1024 * 1024) }), 413],
    ['deep nesting', () => `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`, 400],
  ];

  it.each(cases)('with %s gets a problem document and changes nothing', async (_what, body, status) => {
    const before = await stored();
    const answer = await pos.post('/v1/redemptions', body());
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      type: expect.any(String),
      title: expect.any(String),
      status,
      detail: expect.any(String),
      code: expect.any(String),
    });
    expect(answer.text).not.toMatch(/node_modules|at .*\.(ts|js):\d+/);
    expect(await stored()).toBe(before);
  });

  it('names the faulty fields by JSON pointer', async () => {
    const { body } = await pos.post('/v1/redemptions', { ...receipt({ subtotal: eur('1.005') }), code: '' });
    const pointers = (body['errors'] as { pointer: string }[]).map((error) => error.pointer);
    expect(pointers.sort()).toEqual(['/code', '/receipt/subtotal/amount']);
  });

  it('with 1,001 items is refused whole', async () => {
    const before = await stored();
    const answer = await pos.post('/v1/redemptions/batch', {
      items: Array.from({ length: 1_001 }, (_, index) => ({ externalId: `${index}` })),
    });
    expect([answer.status, answer.body['code']]).toEqual([400, 'request.invalid']);
    expect(await stored()).toBe(before);
  });

  it('of another media type is refused', async () => {
    const answer = await pos.send<{ code: string }>('POST', '/v1/redemptions', 'a=b', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect([answer.status, answer.body.code]).toEqual([415, 'request.media-type']);
  });

  it('in a batch spoils only its own item', async () => {
    const first = buildRedemption(redeemer, 'GOOD');
    const last = buildRedemption(redeemer, 'GOOD');
    const bad = buildRedemption(redeemer, 'GOOD', { colour: 'red' });
    const { status, body } = await pos.post<{ results: Record<string, unknown>[] }>('/v1/redemptions/batch', {
      items: [first, bad, 17, last],
    });
    expect(status).toBe(200);
    expect(
      body.results.map((result) => result['status'] ?? (result['error'] as { status: number }).status),
    ).toEqual(['accepted', 400, 400, 'accepted']);
    expect(body.results.map((result) => result['externalId'])).toEqual([
      first['externalId'],
      bad['externalId'],
      null,
      last['externalId'],
    ]);
  });

  it('without a key, with a wrong one, or with the wrong role says so', async () => {
    const answers = await Promise.all([
      app.operator.as('').post('/v1/redemptions', good),
      app.operator.as('tdm_nobody0000_wrongwrongwrongwrongwrongwrong').post('/v1/redemptions', good),
      redeemer.finance.post('/v1/redemptions', good),
      app.operator.post('/v1/redemptions', good),
    ]);
    expect(answers.map((answer) => [answer.status, answer.body['code']])).toEqual([
      [401, 'unauthenticated'],
      [401, 'unauthenticated'],
      [403, 'forbidden'],
      [403, 'forbidden'],
    ]);
  });

  it('to an unknown path is a 404 problem', async () => {
    const answer = await app.operator.get('/v1/nothing');
    expect([answer.status, answer.body['code']]).toEqual([404, 'not-found']);
  });

  it('with a body that is not UTF-8 is refused rather than stored as something else', async () => {
    const body = Buffer.from(JSON.stringify({ ...good, clerk: 'René' }), 'latin1');
    const answer = await sendTo('/v1/redemptions', { method: 'POST', body });
    expect([answer.status, answer.type]).toEqual([400, 'application/problem+json']);
    expect(answer.text).toContain('not valid UTF-8');
  });

  it('with a path that is none is answered by a problem document like any other', async () => {
    const answer = await sendTo('/v1/redemptions/%zz', {});
    expect([answer.status, answer.type]).toEqual([400, 'application/problem+json']);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'request.invalid', status: 400 });
  });

  async function sendTo(path: string, init: { method?: string; body?: Uint8Array<ArrayBuffer> }) {
    const key = pos.key;
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(app.url + path, { ...init, headers });
    const [type] = (answer.headers.get('content-type') ?? '').split(';');
    return { status: answer.status, type, text: await answer.text() };
  }
});
