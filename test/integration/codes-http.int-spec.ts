import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { parse } from 'csv-parse/sync';
import { CampaignsModule } from '../../src/campaigns/campaigns.module.js';
import { CodesModule } from '../../src/codes/codes.module.js';
import { generateCoupons } from '../../src/codes/generate-coupons.job.js';
import { OperatorKeyService } from '../../src/partners/operator-key.service.js';
import { PartnersModule } from '../../src/partners/partners.module.js';
import { ClockModule } from '../../src/platform/clock/clock.module.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { createHttpAdapter, prepareHttp } from '../../src/platform/http/http-server.js';
import { HttpModule } from '../../src/platform/http/http.module.js';
import { MetricsModule } from '../../src/platform/metrics/metrics.module.js';
import { createOpenApiDocument } from '../../src/platform/http/openapi.js';
import { OutboxModule } from '../../src/platform/outbox/outbox.module.js';
import { QueueModule } from '../../src/platform/queue/queue.module.js';
import { Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { approveBy, buildCampaign, buildPartner, type TestPartner } from '../support/programme.js';
import { testDatabase } from '../support/test-database.js';

/** The codes feature with those below it, behind HTTP and with a worker. */
@Module({})
class CodesOnly {
  static on(url: string): DynamicModule {
    const database = DatabaseModule.register({ url, poolSize: 5 });
    const store = { kind: 'postgres', url } as const;
    const queue = QueueModule.register({ store, startWorkers: true, contracts: [generateCoupons] });
    const platform = [ClockModule, MetricsModule, database, queue, OutboxModule, HttpModule];
    return { module: CodesOnly, imports: [...platform, PartnersModule, CampaignsModule, CodesModule] };
  }
}

let database: Awaited<ReturnType<typeof testDatabase>>;
let app: NestFastifyApplication;
let operator: Api;
let gym: TestPartner;
let cafe: TestPartner;
let bystander: TestPartner;
let offerId: string;

beforeAll(async () => {
  database = await testDatabase();
  app = await NestFactory.create<NestFastifyApplication>(CodesOnly.on(database.url), createHttpAdapter(), {
    logger: ['error'],
    bodyParser: false,
  });
  await prepareHttp(app, { servesApi: true });
  const key = await app.get(OperatorKeyService).ensure(undefined);
  await app.listen(0, '127.0.0.1');
  operator = new Api(await app.getUrl(), key ?? '');
  gym = await buildPartner(operator);
  cafe = await buildPartner(operator);
  bystander = await buildPartner(operator);
  offerId = (await buildCampaign(operator, { issuer: gym, redeemer: cafe })).offerIds[0] ?? '';
}, 60_000);

afterAll(async () => {
  await app.close();
  await database.drop();
});

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly errors?: { pointer: string; detail: string }[];
}

describe('codes of a campaign that its redeemer has not approved', () => {
  it('are not made: nobody takes up words and coupons at the tills of a partner that did not agree', async () => {
    const draft = await buildCampaign(operator, { issuer: gym, redeemer: cafe, approve: false });
    const [path] = draft.offerIds.map((id) => `/v1/offers/${id}`);
    const make = async () => [
      await gym.marketer.post<Problem>(`${path}/code-words`, { word: 'SQUATTER' }),
      await operator.post<Problem>(`${path}/coupon-batches`, { quantity: 1 }),
    ];
    const refused = (await make()).map(({ status, body }) => [status, body.code]);
    expect(refused).toEqual(Array(2).fill([409, 'offer.not-approved']));
    await approveBy(cafe, draft.id);
    expect((await make()).map(({ status }) => status)).toEqual([201, 202]);
  });
});

describe('code words over HTTP', () => {
  it('are answered as they were given, with placement and days', async () => {
    const made = await gym.marketer.post(`/v1/offers/${offerId}/code-words`, {
      word: ' Gym-10 ',
      placement: { channelId: gym.channelId, label: 'flyer at reception' },
      maxRedemptions: 100,
      startsOn: '2026-03-01',
      expiresOn: '2026-03-29',
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      offerId,
      word: 'Gym-10',
      placement: { channelId: gym.channelId, label: 'flyer at reception' },
      maxRedemptions: 100,
      uses: 0,
      startsOn: '2026-03-01',
      expiresOn: '2026-03-29',
      revokedAt: null,
    });
    const list = await cafe.marketer.get<{ items: unknown[] }>(`/v1/offers/${offerId}/code-words?limit=1`);
    expect(list.body.items).toEqual([made.body]);
  });

  it.each([
    ['a word without a letter', { word: '2026' }, '/word'],
    ['a word with nothing to type', { word: '-- ..' }, '/word'],
    ['a word of 65 letters', { word: 'A'.repeat(65) }, '/word'],
    [
      'days in the wrong order',
      { word: 'LATE', startsOn: '2026-03-02', expiresOn: '2026-03-01' },
      '/expiresOn',
    ],
    [
      'a channel of nobody',
      { word: 'NOWHERE', placement: { channelId: '018f0000-0000-7000-8000-000000000000', label: '' } },
      '/placement/channelId',
    ],
  ])('refuse %s and point at it', async (_, body, pointer) => {
    const answer = await gym.marketer.post<Problem>(`/v1/offers/${offerId}/code-words`, body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors?.map((error) => error.pointer)).toEqual([pointer]);
  });

  it("refuse the redeemer's channel as a placement of the issuer", async () => {
    const placement = { channelId: cafe.channelId, label: '' };
    const answer = await gym.marketer.post<Problem>(`/v1/offers/${offerId}/code-words`, {
      word: 'THEIRS',
      placement,
    });
    expect(answer.status).toBe(422);
  });

  it('are made by the issuer, seen by both sides and unknown to everyone else', async () => {
    const path = `/v1/offers/${offerId}/code-words`;
    expect((await cafe.marketer.post(path, { word: 'MINE' })).status).toBe(403);
    expect((await bystander.marketer.post(path, { word: 'MINE' })).status).toBe(404);
    expect((await bystander.marketer.get(path)).status).toBe(404);
    expect((await gym.pos.get(path)).status).toBe(403);
    expect((await operator.get(path)).status).toBe(200);
  });

  it('stop when they are revoked, as often as that is said', async () => {
    const path = `/v1/offers/${offerId}/code-words`;
    const { id } = await gym.marketer.must(201, gym.marketer.post(path, { word: 'STOPPED' }));
    expect((await cafe.marketer.delete(`${path}/${id}`)).status).toBe(403);
    expect((await gym.marketer.delete(`${path}/${id}`)).status).toBe(204);
    expect((await gym.marketer.delete(`${path}/${id}`)).status).toBe(204);
    expect((await gym.marketer.delete(`${path}/${offerId}`)).status).toBe(404);
    expect((await gym.marketer.post(path, { word: 'stopped' })).status).toBe(201);
  });
});

interface Batch extends Record<string, unknown> {
  readonly id: string;
  readonly status: string;
  readonly generated: number;
}

async function finished(id: string): Promise<Batch> {
  let batch: Batch | undefined;
  await eventually(async () => {
    batch = await gym.marketer.must<Batch>(200, gym.marketer.get(`/v1/coupon-batches/${id}`));
    return batch.status === 'done';
  }, 8_000);
  return batch as Batch;
}

describe('coupon batches over HTTP', () => {
  it('are accepted, made in the background and handed out as CSV', async () => {
    const order = {
      quantity: 12_000,
      pattern: 'CAFE-####-####-##',
      placement: { channelId: null, label: '=flyer' },
      expiresOn: '2026-12-31',
    };
    const ordered = await gym.marketer.post<Batch>(`/v1/offers/${offerId}/coupon-batches`, order);
    expect(ordered.status).toBe(202);
    expect(ordered.headers.get('location')).toBe(`/v1/coupon-batches/${ordered.body.id}`);
    expect(ordered.body).toMatchObject({
      quantity: 12_000,
      generated: 0,
      status: 'queued',
      failure: null,
      pattern: 'CAFE-####-####-##',
    });
    expect(await finished(ordered.body.id)).toMatchObject({ generated: 12_000, expiresOn: '2026-12-31' });

    const csv = await gym.marketer.get(`/v1/coupon-batches/${ordered.body.id}/coupons.csv`);
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const rows = parse<{ code: string; expiresOn: string; placement: string }>(csv.text, { columns: true });
    expect(new Set(rows.map((row) => row.code)).size).toBe(12_000);
    expect(rows[0]).toEqual({
      code: expect.stringMatching(/^CAFE-\w{4}-\w{4}-\w{3}$/),
      expiresOn: '2026-12-31',
      placement: "'=flyer",
    });
  }, 20_000);

  it('start at once also when the order carries an Idempotency-Key, and are ordered once', async () => {
    const order = () =>
      gym.marketer.post<Batch>(
        `/v1/offers/${offerId}/coupon-batches`,
        { quantity: 10 },
        { 'idempotency-key': 'order-1' },
      );
    const first = await order();
    expect((await order()).body.id).toBe(first.body.id);
    expect((await finished(first.body.id)).generated).toBe(10);
  }, 20_000);

  it.each([
    ['too few random characters', { quantity: 1_000, pattern: 'GYM-####' }, 422, 'pattern.too-crowded'],
    ['a pattern without a random character', { quantity: 1, pattern: 'GYM' }, 422, 'pattern.invalid'],
    ['no coupons', { quantity: 0 }, 400, 'request.invalid'],
    ['more than a million', { quantity: 1_000_001 }, 400, 'request.invalid'],
    ['an unknown field', { quantity: 1, colour: 'red' }, 400, 'request.invalid'],
  ])('refuse %s', async (_, body, status, code) => {
    const answer = await gym.marketer.post<Problem>(`/v1/offers/${offerId}/coupon-batches`, body);
    expect(answer.status).toBe(status);
    expect(answer.body.code).toBe(code);
    expect(answer.body.errors?.[0]?.pointer).toMatch(/^(\/pattern|\/quantity|)$/);
  });

  it('show their coupons to nobody but the issuer', async () => {
    const ordered = await gym.marketer.must(
      202,
      gym.marketer.post(`/v1/offers/${offerId}/coupon-batches`, { quantity: 1 }),
    );
    for (const path of [`/v1/coupon-batches/${ordered.id}`, `/v1/coupon-batches/${ordered.id}/coupons.csv`]) {
      expect((await cafe.marketer.get(path)).status).toBe(403);
      expect((await bystander.marketer.get(path)).status).toBe(404);
      expect((await operator.get(path)).status).toBe(200);
    }
    expect((await bystander.marketer.delete(`/v1/coupon-batches/${ordered.id}`)).status).toBe(404);
  });

  it('are revoked, as often as that is said', async () => {
    const { id } = await gym.marketer.must(
      202,
      gym.marketer.post(`/v1/offers/${offerId}/coupon-batches`, { quantity: 1 }),
    );
    for (const _ of [1, 2]) expect((await gym.marketer.delete(`/v1/coupon-batches/${id}`)).status).toBe(204);
    const { revokedAt } = await gym.marketer.must(200, gym.marketer.get(`/v1/coupon-batches/${id}`));
    expect(revokedAt).toMatch(/^\d{4}-.*Z$/);
  });
});

describe('the contract', () => {
  it('describes every route of codes', () => {
    const { paths } = createOpenApiDocument(app);
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(routes).toEqual(
      expect.arrayContaining([
        'post /v1/offers/{id}/code-words',
        'get /v1/offers/{id}/code-words',
        'delete /v1/offers/{id}/code-words/{wordId}',
        'post /v1/offers/{id}/coupon-batches',
        'get /v1/coupon-batches/{id}',
        'delete /v1/coupon-batches/{id}',
        'get /v1/coupon-batches/{id}/coupons.csv',
      ]),
    );
  });
});
