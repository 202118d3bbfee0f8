import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly hasBody: boolean;
}
type Paths = Record<string, Record<string, { requestBody?: unknown }>>;

const NOBODYS = '018f0000-0000-7000-8000-000000000000';

/**
 * Every operation of the OpenAPI document that has an id in its path, called with ids that exist but belong to others, and with an id
 * that does not exist: the answers must be 404 and the same to the letter, or ids could be probed.
 */
describe("another partner's ids", () => {
  let app: TestApp;
  let stranger: TestPartner;
  let operations: Operation[];
  const foreign = new Map<string, string>();

  beforeAll(async () => {
    app = await testApp();
    const owner = await buildPartner(app.operator);
    const other = await buildPartner(app.operator);
    stranger = await buildPartner(app.operator);
    const campaign = await buildCampaign(app.operator, { issuer: owner, redeemer: other });
    const offerId = campaign.offerIds[0]!;
    const wordId = await buildCodeWord(owner, offerId, 'HIDDEN');
    const batch = await owner.marketer.must(
      202,
      owner.marketer.post(`/v1/offers/${offerId}/coupon-batches`, { quantity: 5 }),
    );
    const placements = await owner.marketer.must<{ items: { id: string }[] }>(
      200,
      owner.marketer.get(`/v1/offers/${offerId}/placements`),
    );
    const placementId = placements.items[0]!.id;
    const link = await owner.marketer.must(
      201,
      owner.marketer.post(`/v1/placements/${placementId}/links`, { targetUrl: 'https://shop.example' }),
    );
    foreign.set('/v1/placements/{id}', placementId).set('/v1/links/{id}', link.id!);
    const erasure = await owner.admin.must(
      202,
      owner.admin.post('/v1/customers/erasures', { customer: { reference: 'nobody' } }),
    );
    foreign.set('/v1/customers/erasures/{id}', erasure.id!);
    const redemption = await other.pos.must(
      201,
      other.pos.post('/v1/redemptions', buildRedemption(other, 'hidden')),
    );
    const reservation = await other.pos.must(
      201,
      other.pos.post('/v1/reservations', { code: 'hidden', channelId: other.channelId }),
    );
    const { items } = await owner.admin.must<{ items: { id: string }[] }>(
      200,
      owner.admin.get(`/v1/partners/${owner.id}/api-keys`),
    );
    const guesses = Array.from({ length: 40 }, (_, guess) => buildRedemption(owner, `GUESS ${guess}`));
    await owner.pos.must(200, owner.pos.post('/v1/redemptions/batch', { items: guesses }));
    const locks = await owner.admin.must<{ items: { id: string }[] }>(
      200,
      owner.admin.get(`/v1/partners/${owner.id}/guess-locks`),
    );
    foreign.set('{lockId}', locks.items[0]!.id);
    foreign
      .set('/v1/partners/{id}', owner.id)
      .set('/v1/campaigns/{id}', campaign.id)
      .set('/v1/offers/{id}', offerId);
    foreign.set('/v1/coupon-batches/{id}', batch.id!).set('/v1/redemptions/{id}', redemption.id!);
    // Parked work is the operator's alone: no key of a partner gets as far as the id.
    foreign.set('/v1/reservations/{id}', reservation.id!).set('/v1/outbox/parked/{id}', NOBODYS);
    foreign.set('{keyId}', items[0]!.id).set('{wordId}', wordId).set('{channelId}', owner.channelId);
    const { body } = await app.operator.get<{ paths: Paths }>('/openapi.json');
    operations = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        // Links are for everybody who has one.
        .filter(() => path.includes('{') && path !== '/t/{token}')
        .map(([method, operation]) => ({
          method: method.toUpperCase(),
          path,
          hasBody: operation.requestBody !== undefined,
        })),
    );
  });

  afterAll(() => app?.stop());

  /** A body that would do for its rightful owner, so that nothing but the id can be the reason. */
  const bodyFor = (path: string, method: string): unknown => {
    if (method === 'PATCH') return { name: 'Mine now' };
    if (path.endsWith('/channels')) return { kind: 'pos', name: 'Mine' };
    if (path.endsWith('/api-keys')) return { role: 'pos', label: 'mine' };
    if (path.endsWith('/code-words')) return { word: 'MINE' };
    if (path.endsWith('/coupon-batches')) return { quantity: 1 };
    if (path.endsWith('/issuances')) return { externalId: 'mine', channelId: stranger.channelId };
    if (path.endsWith('/assignments')) return { customers: [{ phone: '+49 30 1234567' }] };
    if (path.endsWith('/links')) return { targetUrl: 'https://mine.example' };
    if (path.endsWith('/costs'))
      return {
        category: 'flyers',
        payerPartnerId: stranger.id,
        amount: eur('1.00'),
        incurredOn: '2026-06-01',
      };
    return {};
  };

  const call = ({ method, path, hasBody }: Operation, ids: (template: string, name: string) => string) => {
    const url = path.replace(/\{\w+\}/g, (name, position: number) =>
      ids(path.slice(0, position) + name, name),
    );
    const headers: Record<string, string> = method === 'PATCH' ? { 'if-match': '"1"' } : {};
    const body = hasBody ? bodyFor(path, method) : undefined;
    const keys = [stranger.admin, stranger.marketer, stranger.finance, stranger.pos];
    return Promise.all(keys.map((api) => api.send<{ code: string }>(method, url, body, headers)));
  };

  it('are known for every id in the document, so that this test covers every route', () => {
    const templates = operations.flatMap(
      ({ path }) =>
        path
          .match(/\{\w+\}/g)
          ?.map((name) => (name === '{id}' ? path.slice(0, path.indexOf('{id}') + 4) : name)) ?? [],
    );
    expect([...new Set(templates)].filter((template) => !foreign.has(template))).toEqual([]);
    expect(operations.length).toBeGreaterThan(20);
  });

  it('answer 404 on every route, exactly like ids that do not exist', async () => {
    const wrong: string[] = [];
    for (const operation of operations) {
      const name = `${operation.method} ${operation.path}`;
      const answers = await call(
        operation,
        (template, parameter) => foreign.get(template) ?? foreign.get(parameter) ?? NOBODYS,
      );
      const absent = await call(operation, () => NOBODYS);
      answers.forEach((answer, index) => {
        // A role that may not use the route at all hears that first, whatever the id.
        const isClosed = answer.status === 403 && absent[index]!.status === 403;
        if (!isClosed && answer.status !== 404) wrong.push(`${name}: ${answer.status} ${answer.text}`);
        if (answer.text !== absent[index]!.text) wrong.push(`${name}: differs from an absent id`);
      });
      if (answers.every((answer) => answer.status === 403))
        wrong.push(`${name}: no partner key may use it at all`);
    }
    // The operator alone changes partners and looks after parked work.
    const operatorsAlone = /^(PATCH \/v1\/partners\/{id}|POST \/v1\/outbox\/)/;
    expect(wrong.filter((line) => !operatorsAlone.test(line))).toEqual([]);
  });

  it('in a body are as unknown as ids that do not exist', async () => {
    const post = buildRedemption(stranger, 'hidden');
    const foreignChannel = await stranger.pos.post('/v1/redemptions', {
      ...post,
      channelId: foreign.get('{channelId}'),
    });
    const absentChannel = await stranger.pos.post('/v1/redemptions', { ...post, channelId: NOBODYS });
    expect([foreignChannel.status, absentChannel.status]).toEqual([404, 404]);
    expect(foreignChannel.text).toBe(absentChannel.text);
  });

  it('do not show up in any list', async () => {
    for (const path of [
      '/v1/campaigns',
      '/v1/redemptions',
      `/v1/redemptions?campaign=${foreign.get('/v1/campaigns/{id}')}`,
    ]) {
      expect((await stranger.admin.get(path)).body).toMatchObject({ items: [] });
    }
  });

  it('give away no receipts through a campaign that the partner never approved, or on days outside of one', async () => {
    const victim = await buildPartner(app.operator);
    const items = [-40, -1].map((day) => ({
      channelId: victim.channelId,
      date: daysFromNow(day),
      receipts: 500,
      revenue: eur('9000.00'),
    }));
    await victim.pos.must(200, victim.pos.put('/v1/receipt-totals', { items }));
    const allReceipts = async (campaignId: string): Promise<unknown> => {
      const period = `from=${daysFromNow(-300)}&to=${daysFromNow(30)}`;
      const { body } = await stranger.marketer.get<{ figures: Record<string, { value?: string }> }>(
        `/v1/campaigns/${campaignId}/report?${period}`,
      );
      return body.figures['allReceipts']?.value;
    };
    const draft = await buildCampaign(app.operator, { issuer: stranger, redeemer: victim, approve: false });
    expect(await allReceipts(draft.id)).not.toBe('1000');
    expect(await allReceipts(draft.id)).not.toBe('500');
    const agreed = await buildCampaign(app.operator, { issuer: stranger, redeemer: victim });
    expect(await allReceipts(agreed.id)).toBe('500');
  });
});
