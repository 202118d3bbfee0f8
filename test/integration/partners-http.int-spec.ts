import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { OperatorKeyService } from '../../src/partners/operator-key.service.js';
import { PartnersModule } from '../../src/partners/partners.module.js';
import { ClockModule } from '../../src/platform/clock/clock.module.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { createHttpAdapter, prepareHttp } from '../../src/platform/http/http-server.js';
import { HttpModule } from '../../src/platform/http/http.module.js';
import { createOpenApiDocument } from '../../src/platform/http/openapi.js';
import { Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { testDatabase } from '../support/test-database.js';

/** The partners feature behind HTTP and nothing else. */
@Module({})
class PartnersOnly {
  static on(url: string): DynamicModule {
    const database = DatabaseModule.register({ url, poolSize: 5 });
    return { module: PartnersOnly, imports: [ClockModule, database, HttpModule, PartnersModule] };
  }
}

const GYM = { name: 'Gym', country: 'DE', currency: 'EUR', timeZone: 'Europe/Berlin' };
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const UNKNOWN = '00000000-0000-7000-8000-000000000000';

interface Issued {
  readonly id: string;
  readonly key: string;
}

let database: Awaited<ReturnType<typeof testDatabase>>;
let app: NestFastifyApplication;
let operator: Api;

beforeAll(async () => {
  database = await testDatabase();
  const options = { logger: false, bodyParser: false, abortOnError: false } as const;
  app = await NestFactory.create<NestFastifyApplication>(
    PartnersOnly.on(database.url),
    createHttpAdapter(),
    options,
  );
  await prepareHttp(app, { servesApi: true });
  const key = (await app.get(OperatorKeyService).ensure(undefined)) ?? '';
  await app.listen(0, '127.0.0.1');
  operator = new Api(await app.getUrl(), key);
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

const buildPartner = async (fields: object = {}): Promise<string> =>
  (await operator.must<{ id: string }>(201, operator.post('/v1/partners', { ...GYM, ...fields }))).id;

const buildKey = async (partnerId: string, fields: object = {}): Promise<Issued> =>
  operator.must(
    201,
    operator.post(`/v1/partners/${partnerId}/api-keys`, { role: 'admin', label: 'x', ...fields }),
  );

const as = async (partnerId: string, role: string): Promise<Api> =>
  operator.as((await buildKey(partnerId, { role })).key);

describe('partners over HTTP', () => {
  it('have the same fields whether they are given or not, and never the customer key', async () => {
    const bare = await operator.post('/v1/partners', GYM);
    expect(bare.status).toBe(201);
    expect(bare.headers.get('etag')).toBe('"1"');
    const expected = {
      ...GYM,
      id: expect.stringMatching(UUID),
      industry: null,
      priceSegment: null,
      createdAt: expect.stringMatching(INSTANT),
    };
    expect(bare.body).toEqual(expected);
    const full = await operator.post('/v1/partners', {
      ...GYM,
      industry: 'fitness',
      priceSegment: 'premium',
    });
    expect(full.body).toEqual({ ...expected, industry: 'fitness', priceSegment: 'premium' });
    const read = await operator.get(`/v1/partners/${String(full.body.id)}`);
    expect([read.status, read.body, read.headers.get('etag')]).toEqual([200, full.body, '"1"']);
    const list = await operator.get<{ items: unknown[] }>('/v1/partners?limit=200');
    expect(list.body.items).toEqual(expect.arrayContaining([bare.body, full.body]));
  });

  it('are changed by whoever has read them', async () => {
    const path = `/v1/partners/${await buildPartner()}`;
    expect((await operator.patch(path, { name: 'New' })).status).toBe(428);
    const changed = await operator.patch(path, { name: 'New' }, { 'if-match': '"1"' });
    expect([changed.status, changed.body.name, changed.headers.get('etag')]).toEqual([200, 'New', '"2"']);
    const stale = await operator.patch(path, { name: 'Newer' }, { 'if-match': '"1"' });
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition.failed']);
  });

  it('keep their currency', async () => {
    const path = `/v1/partners/${await buildPartner()}`;
    const { status, body } = await operator.patch(path, { currency: 'USD' }, { 'if-match': '"1"' });
    expect([status, body.code, body.errors]).toEqual([
      422,
      'partner.currency-fixed',
      [{ pointer: '/currency', detail: 'cannot be changed' }],
    ]);
  });

  it.each([
    ['an unknown field', { ...GYM, customerKey: 'x' }],
    ['an unknown currency', { ...GYM, currency: 'XXX' }],
    ['an unknown time zone', { ...GYM, timeZone: 'Europe/Atlantis' }],
    ['no name', { ...GYM, name: ' ' }],
  ])('are refused with %s', async (_, body) => {
    const answer = await operator.post('/v1/partners', body);
    expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid']);
  });

  it('are the operator to add, list and change; each of its keys may read its own', async () => {
    const [own, other] = [await buildPartner(), await buildPartner()];
    for (const role of ['admin', 'marketer', 'finance', 'pos']) {
      const key = await as(own, role);
      expect((await key.get(`/v1/partners/${own}`)).status).toBe(200);
      expect((await key.get('/v1/partners')).status).toBe(403);
      expect((await key.post('/v1/partners', GYM)).status).toBe(403);
      expect((await key.patch(`/v1/partners/${own}`, {}, { 'if-match': '"1"' })).status).toBe(403);
      const answers = await Promise.all(
        [other, UNKNOWN, 'nonsense'].map((id) => key.get(`/v1/partners/${id}`)),
      );
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    }
  });
});

describe('channels over HTTP', () => {
  it('have the same fields whether they are given or not', async () => {
    const partnerId = await buildPartner();
    const path = `/v1/partners/${partnerId}/channels`;
    const bare = await operator.post(path, { kind: 'pos', name: 'Till' });
    const expected = {
      id: expect.stringMatching(UUID),
      partnerId,
      kind: 'pos',
      name: 'Till',
      externalRef: null,
      timeZone: 'Europe/Berlin',
      marginRate: null,
      ...{ clockSkewSeconds: null, clockSkewSeenAt: null },
      createdAt: expect.stringMatching(INSTANT),
    };
    expect([bare.status, bare.body]).toEqual([201, expected]);
    const given = { externalRef: 'T2', timeZone: 'UTC', marginRate: '0.20' };
    const full = await operator.post(path, { kind: 'pos', name: 'Till', ...given });
    expect([full.status, full.body]).toEqual([201, { ...expected, ...given }]);
    const list = await (await as(partnerId, 'pos')).get(path);
    expect([list.status, list.body]).toEqual([200, { items: [bare.body, full.body], nextCursor: null }]);
  });

  it.each(['0', '1', '0.5', '0.123456', '1.000000'])('a margin of %s is one', async (marginRate) => {
    const path = `/v1/partners/${await buildPartner()}/channels`;
    expect((await operator.post(path, { kind: 'pos', name: 'Till', marginRate })).status).toBe(201);
  });

  it.each(['', '-0.1', '1.1', '1.000001', '0.1234567', '.5', '20', '1e-1', ' 0.2', 0.2])(
    'a margin of %j is refused',
    async (marginRate) => {
      const path = `/v1/partners/${await buildPartner()}/channels`;
      const answer = await operator.post(path, { kind: 'pos', name: 'Till', marginRate });
      expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid']);
    },
  );

  it('are added by the operator and the admin', async () => {
    const partnerId = await buildPartner();
    const statuses: number[] = [];
    for (const role of ['admin', 'marketer', 'finance', 'pos']) {
      const key = await as(partnerId, role);
      statuses.push(
        (await key.post(`/v1/partners/${partnerId}/channels`, { kind: 'app', name: 'App' })).status,
      );
    }
    expect(statuses).toEqual([201, 403, 403, 403]);
  });

  it('that clash name the other', async () => {
    const path = `/v1/partners/${await buildPartner()}/channels`;
    const first = await operator.post(path, { kind: 'pos', name: 'Till 1', externalRef: 'T1' });
    const second = await operator.post(path, { kind: 'pos', name: 'Till 2', externalRef: 'T1' });
    expect([second.status, second.body.code, second.body.channelId]).toEqual([
      409,
      'channel.external-ref-taken',
      first.body.id,
    ]);
    expect(second.body.detail).toContain('Till 1');
  });
});

describe('API keys over HTTP', () => {
  it('are shown once, with the same fields whether they are given or not', async () => {
    const partnerId = await buildPartner();
    const path = `/v1/partners/${partnerId}/api-keys`;
    const channel = await operator.post(`/v1/partners/${partnerId}/channels`, { kind: 'pos', name: 'Till' });
    const given = {
      role: 'pos',
      label: 'till 1',
      channelId: channel.body.id,
      expiresAt: '2099-01-01T00:00:00.000Z',
    };
    const full = await operator.post(path, given);
    const rest = {
      id: expect.stringMatching(/^[A-Za-z0-9]{12,40}$/),
      createdAt: expect.stringMatching(INSTANT),
      revokedAt: null,
    };
    const key = expect.stringMatching(/^tdm_[A-Za-z0-9]{12,40}_[A-Za-z0-9]{33,}$/);
    expect([full.status, full.body]).toEqual([201, { ...rest, ...given, key }]);
    expect(full.headers.get('cache-control')).toBe('no-store');
    const bare = await operator.post(path, { role: 'finance', label: 'books' });
    expect(bare.body).toEqual({
      ...rest,
      role: 'finance',
      label: 'books',
      channelId: null,
      expiresAt: null,
      key,
    });
    const withoutKey = [full.body, bare.body].map(({ key: _key, ...shown }) => shown);
    expect((await operator.get(path)).body).toEqual({ items: withoutKey, nextCursor: null });
  });

  it('are not kept for a repeated request', async () => {
    const path = `/v1/partners/${await buildPartner()}/api-keys`;
    const send = () => operator.post(path, { role: 'pos', label: 'x' }, { 'idempotency-key': 'once' });
    const [first, again] = [await send(), await send()];
    const { key, ...shown } = first.body;
    expect(key).toEqual(expect.any(String));
    expect([again.status, again.headers.get('idempotency-replayed'), again.body]).toEqual([
      201,
      'true',
      shown,
    ]);
  });

  it('stop working when they are revoked, and say nothing that an unknown key would not', async () => {
    const partnerId = await buildPartner();
    const { id, key } = await buildKey(partnerId);
    const owner = operator.as(key);
    expect((await owner.get(`/v1/partners/${partnerId}`)).status).toBe(200);
    const revoked = await operator.delete(`/v1/partners/${partnerId}/api-keys/${id}`);
    expect([revoked.status, revoked.text]).toEqual([204, '']);
    await eventually(async () => (await owner.get(`/v1/partners/${partnerId}`)).status === 401, 1_000);
    const wrong = [key, `tdm_${id}_${'x'.repeat(40)}`, `tdm_nobody_${'x'.repeat(40)}`, 'nonsense', ''];
    const answers = await Promise.all(
      wrong.map((text) => operator.as(text).get(`/v1/partners/${partnerId}`)),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  });

  it('of others cannot be seen or revoked', async () => {
    const [own, other] = [await buildPartner(), await buildPartner()];
    const admin = await as(own, 'admin');
    const { id } = await buildKey(other);
    expect((await admin.get(`/v1/partners/${other}/api-keys`)).status).toBe(404);
    expect((await admin.post(`/v1/partners/${other}/api-keys`, { role: 'pos', label: 'x' })).status).toBe(
      404,
    );
    expect((await admin.delete(`/v1/partners/${other}/api-keys/${id}`)).status).toBe(404);
    expect((await admin.delete(`/v1/partners/${own}/api-keys/${id}`)).status).toBe(404);
    expect((await (await as(own, 'marketer')).get(`/v1/partners/${own}/api-keys`)).status).toBe(403);
  });

  it('cannot be made for the operator', async () => {
    const answer = await operator.post(`/v1/partners/${await buildPartner()}/api-keys`, {
      role: 'operator',
      label: 'x',
    });
    expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid']);
  });

  it('are listed page by page', async () => {
    const partnerId = await buildPartner();
    const issued = [await buildKey(partnerId), await buildKey(partnerId), await buildKey(partnerId)].map(
      ({ id }) => id,
    );
    const path = `/v1/partners/${partnerId}/api-keys?limit=2`;
    type KeyPage = { items: Issued[]; nextCursor: string | null };
    const first = (await operator.get<KeyPage>(path)).body;
    const second = (await operator.get<KeyPage>(`${path}&cursor=${first.nextCursor ?? ''}`)).body;
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(issued);
    expect(second.nextCursor).toBeNull();
    expect((await operator.get(`${path}&cursor=bm8tY3Vyc29y`)).status).toBe(400);
  });
});

describe('the contract', () => {
  it('names every route and shape of partners', () => {
    const { paths, components } = createOpenApiDocument(app);
    expect(Object.entries(paths).map(([path, item]) => `${Object.keys(item).join(',')} ${path}`)).toEqual([
      'post,get /v1/partners',
      'get,patch /v1/partners/{id}',
      'post,get /v1/partners/{id}/channels',
      'post,get /v1/partners/{id}/api-keys',
      'delete /v1/partners/{id}/api-keys/{keyId}',
    ]);
    const shapes = [
      'Partner',
      'CreatePartner',
      'ChangePartner',
      'Channel',
      'AddChannel',
      'ApiKey',
      'IssueApiKey',
      'IssuedApiKey',
    ];
    expect(Object.keys(components?.schemas ?? {})).toEqual(expect.arrayContaining(shapes));
  });
});
