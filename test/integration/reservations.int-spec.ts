import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  buildCampaign,
  buildCodeWord,
  buildPartner,
  buildRedemption,
  eur,
  type TestPartner,
} from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

interface Held {
  id: string | null;
  valid: boolean;
  reason?: string;
  expiresAt: string | null;
  offerId: string | null;
}
interface Decision {
  status: string;
  reason?: string;
}

let app: TestApp;
let issuer: TestPartner;
let redeemer: TestPartner;
let made = 0;

beforeAll(async () => {
  app = await testApp();
  issuer = await buildPartner(app.operator);
  redeemer = await buildPartner(app.operator);
});

afterAll(() => app?.stop());

async function wordOf(offer: object, code: object = {}): Promise<string> {
  const { offerIds } = await buildCampaign(app.operator, { issuer, redeemer, offer: { ...offer } });
  made += 1;
  await buildCodeWord(issuer, offerIds[0]!, `HOLD ${made}`, { ...code });
  return `HOLD ${made}`;
}

const reserve = (code: string, fields: object = {}) =>
  redeemer.pos.post<Held>('/v1/reservations', { code, channelId: redeemer.channelId, ...fields });
const held = async (code: string, fields: object = {}) => (await reserve(code, fields)).body.id!;
const redeem = async (code: string, fields: object = {}): Promise<string> => {
  const post = redeemer.pos.post<Decision>('/v1/redemptions', buildRedemption(redeemer, code, { ...fields }));
  const { status, reason } = (await post).body;
  return reason ?? status;
};

async function expireNow(id: string): Promise<void> {
  const client = new pg.Client(app.databaseUrl);
  await client.connect();
  await client.query(`update reservations set expires_at = now() where id = $1`, [id]);
  await client.end();
}

describe('a reservation', () => {
  it('keeps the last use for the sale that names it, against everybody else', async () => {
    const word = await wordOf({}, { maxRedemptions: 1 });
    const { status, body } = await reserve(word);
    expect([status, body.valid]).toEqual([201, true]);
    expect(await redeem(word)).toBe('code.used-up');
    expect((await reserve(word)).body).toMatchObject({ valid: false, reason: 'code.used-up', id: null });
    const question = { code: word, channelId: redeemer.channelId };
    expect((await redeemer.pos.post('/v1/validations', question)).body).toMatchObject({ valid: false });
    expect(await redeem(word, { reservationId: body.id })).toBe('accepted');
    expect(await redeem(word, { reservationId: body.id })).toBe('reservation.missing');
  });

  it.each([
    ['offer', { totalLimit: 1 }, 'offer.limit-reached'],
    ['day', { dailyLimit: 1 }, 'offer.daily-limit-reached'],
    ['customer', { perCustomerLimit: 1 }, 'customer.limit-reached'],
  ])('counts against the limit of the %s', async (_what, offer, reason) => {
    const word = await wordOf(offer);
    const customer = { reference: 'ann' };
    const id = await held(word, { customer });
    expect(await redeem(word, { customer })).toBe(reason);
    expect(await redeem(word, { customer, reservationId: id })).toBe('accepted');
  });

  it('is given back on request, as often as that is asked', async () => {
    const word = await wordOf({}, { maxRedemptions: 1 });
    const id = await held(word);
    expect((await redeemer.pos.delete(`/v1/reservations/${id}`)).status).toBe(204);
    expect((await redeemer.pos.delete(`/v1/reservations/${id}`)).status).toBe(204);
    expect(await redeem(word, { reservationId: id })).toBe('reservation.missing');
    expect(await redeem(word)).toBe('accepted');
  });

  it('runs out by itself: its place is free and its id worth nothing', async () => {
    const word = await wordOf({}, { maxRedemptions: 1 });
    const id = await held(word, { ttlSeconds: 1 });
    await expireNow(id);
    expect(await redeem(word, { reservationId: id })).toBe('reservation.expired');
    expect(await redeem(word)).toBe('accepted');
  });

  it('that ran out since is no reason to refuse a till that was offline while it was good', async () => {
    const word = await wordOf({}, { maxRedemptions: 1 });
    const id = await held(word);
    const occurredAt = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expireNow(id);
    expect(await redeem(word, { reservationId: id, offline: true, occurredAt })).toBe('accepted');
  });

  it('that was redeemed cannot be given back', async () => {
    const word = await wordOf({});
    const id = await held(word);
    expect(await redeem(word, { reservationId: id })).toBe('accepted');
    const { status, body } = await redeemer.pos.delete(`/v1/reservations/${id}`);
    expect([status, body['code']]).toEqual([409, 'reservation.redeemed']);
  });

  it('stays when the sale it was for is refused', async () => {
    const word = await wordOf({ minimumSpend: eur('20.00') }, { maxRedemptions: 1 });
    const id = await held(word);
    const receipt = { number: 'small', subtotal: eur('5.00') };
    expect(await redeem(word, { reservationId: id, receipt })).toBe('receipt.below-minimum');
    expect(await redeem(word, { reservationId: id })).toBe('accepted');
  });

  it('is made once for a repeated post with an Idempotency-Key', async () => {
    const word = await wordOf({}, { maxRedemptions: 2 });
    const body = { code: word, channelId: redeemer.channelId };
    const key = { 'idempotency-key': 'hold-once' };
    const [first, second] = [
      await redeemer.pos.post<Held>('/v1/reservations', body, key),
      await redeemer.pos.post<Held>('/v1/reservations', body, key),
    ];
    expect(first.body).toMatchObject({ valid: true, id: expect.any(String) });
    expect(second.body.id).toBe(first.body.id);
    expect(await redeem(word)).toBe('accepted');
    expect(await redeem(word)).toBe('code.used-up');
  });

  it('of another partner is not there', async () => {
    const stranger = await buildPartner(app.operator);
    const id = await held(await wordOf({}));
    expect((await stranger.pos.delete(`/v1/reservations/${id}`)).status).toBe(404);
    expect((await redeemer.pos.delete(`/v1/reservations/${id}`)).status).toBe(204);
  });

  it('forty at once for ten uses: ten are held, and all ten can be redeemed', async () => {
    const word = await wordOf({ totalLimit: 10 });
    const answers = await Promise.all(Array.from({ length: 40 }, () => reserve(word)));
    const ids = answers.flatMap(({ body }) => body.id ?? []);
    expect(ids).toHaveLength(10);
    const redeemed = await Promise.all([
      ...ids.map((reservationId) => redeem(word, { reservationId })),
      ...Array.from({ length: 10 }, () => redeem(word)),
    ]);
    expect(redeemed.filter((outcome) => outcome === 'accepted')).toHaveLength(10);
  });
});
