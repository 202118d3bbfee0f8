import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attributed } from '../support/attributed.js';
import {
  buildCampaign,
  buildCodeWord,
  buildPartner,
  buildRedemption,
  eur,
  type TestPartner,
} from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

interface Reversal {
  id: string;
  status: 'applied' | 'pending';
  obstacle?: string;
  appliedAmount?: { amount: string };
  useReturned?: boolean;
  code?: string;
}
type Post = ReturnType<typeof buildRedemption>;
type Figures = Record<string, { value?: string }>;

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const cents = ({ appliedAmount }: Reversal): number => Math.round(Number(appliedAmount?.amount ?? 0) * 100);

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

/** A running campaign of its own for each rule: 10 % off with a word that can be used once. */
async function campaignWithWord(fields: object = {}, uses = 1): Promise<{ id: string; word: string }> {
  const { id, offerIds } = await buildCampaign(app.operator, { issuer, redeemer, fields: { ...fields } });
  made += 1;
  const word = `RETURN ${made}`;
  await buildCodeWord(issuer, offerIds[0]!, word, { maxRedemptions: uses });
  return { id, word };
}

/** A sale of 40.00 less 4.00, not posted yet. */
function sale(word: string, fields: object = {}): Post {
  made += 1;
  return buildRedemption(redeemer, word, {
    receipt: { number: `sale-${made}`, subtotal: eur('40.00') },
    ...fields,
  });
}

const sell = (post: Post) =>
  redeemer.pos.must<{ id: string; status: string; reason?: string }>(
    201,
    redeemer.pos.post('/v1/redemptions', post),
  );

function reversalOf(redemption: Post, amount?: string, fields: object = {}): Post {
  made += 1;
  return {
    externalId: `reversal-${made}`,
    redemptionExternalId: redemption['externalId'],
    ...(amount !== undefined && { amount: eur(amount) }),
    reason: 'goods returned',
    occurredAt: minutesAgo(0),
    ...fields,
  };
}

const post = (body: Post) => redeemer.pos.post<Reversal>('/v1/reversals', body);
const reverse = (redemption: Post, amount?: string, fields: object = {}) =>
  post(reversalOf(redemption, amount, fields));
const lookUp = async (id: string) => (await redeemer.pos.get(`/v1/redemptions/${id}`)).body;

describe('a reversal of a part', () => {
  it('gives back its part of the discount, the rest later, and the use with the last part only', async () => {
    const { word } = await campaignWithWord();
    const sold = sale(word);
    const { id } = await sell(sold);
    expect(await reverse(sold, '9.00')).toMatchObject({
      status: 201,
      body: {
        status: 'applied',
        amount: eur('9.00'),
        appliedAmount: eur('9.00'),
        appliedDiscount: eur('1.00'),
        remaining: eur('27.00'),
        useReturned: false,
      },
    });
    expect(await lookUp(id)).toMatchObject({
      reversed: false,
      reversedAmount: eur('9.00'),
      reversedDiscount: eur('1.00'),
    });
    const seenByIssuer = (await issuer.marketer.get(`/v1/redemptions/${id}`)).body;
    expect(seenByIssuer).toMatchObject({ reversed: false, reversedDiscount: eur('1.00') });
    expect(seenByIssuer).not.toHaveProperty('reversedAmount');
    expect((await sell(sale(word))).reason).toBe('code.used-up');
    const { body } = await reverse(sold);
    expect(body).toMatchObject({
      appliedAmount: eur('27.00'),
      appliedDiscount: eur('3.00'),
      remaining: eur('0.00'),
      useReturned: true,
    });
    expect(body).not.toHaveProperty('amount');
    expect(await lookUp(id)).toMatchObject({
      reversed: true,
      reversedAmount: eur('36.00'),
      reversedDiscount: eur('4.00'),
    });
    expect((await sell(sale(word))).status).toBe('accepted');
  });

  it('of more than is left is refused with what is left, and is not stored', async () => {
    const sold = sale((await campaignWithWord()).word);
    await sell(sold);
    await reverse(sold, '9.00');
    const { externalId } = reversalOf(sold);
    expect(await reverse(sold, '27.01', { externalId })).toMatchObject({
      status: 409,
      body: { code: 'reversal.exceeds-redemption', remaining: eur('27.00') },
    });
    expect((await reverse(sold, '27.00', { externalId })).body).toMatchObject({ remaining: eur('0.00') });
    expect(await reverse(sold, '0.01')).toMatchObject({
      status: 409,
      body: { code: 'redemption.already-reversed' },
    });
    expect((await reverse(sold)).body.code).toBe('redemption.already-reversed');
  });

  it('names money of the redemption that is more than nothing', async () => {
    const sold = sale((await campaignWithWord()).word);
    await sell(sold);
    expect(await reverse(sold, '0.00')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/amount/amount' }] },
    });
    expect(await reverse(sold, undefined, { amount: { amount: '9.00', currency: 'USD' } })).toMatchObject({
      status: 422,
      body: { code: 'currency.mismatch' },
    });
  });

  it('is answered the same when it is repeated, also after others; with another amount it is refused', async () => {
    const sold = sale((await campaignWithWord()).word);
    await sell(sold);
    const first = reversalOf(sold, '9.00');
    const answer = await post(first);
    await reverse(sold, '20.00');
    const again = await post({ ...first, amount: eur('9') });
    expect([again.status, again.text]).toEqual([201, answer.text]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await post({ ...first, amount: eur('9.01') })).status).toBe(422);
    const { amount: _, ...all } = first;
    expect((await post(all)).status).toBe(422);
  });

  it('is a void only while all parts come in time', async () => {
    const voidOnly = { reversalPolicy: { returnUse: 'void_only', voidMinutes: 10 } };
    const { word } = await campaignWithWord(voidOnly, 2);
    const [inTime, late] = [30, 30].map((minutes) => sale(word, { occurredAt: minutesAgo(minutes) })) as [
      Post,
      Post,
    ];
    await Promise.all([sell(inTime), sell(late)]);
    await reverse(inTime, '9.00', { occurredAt: minutesAgo(25) });
    await reverse(late, '9.00', { occurredAt: minutesAgo(15) });
    const fields = { occurredAt: minutesAgo(21) };
    expect((await reverse(inTime, '27.00', fields)).body.useReturned).toBe(true);
    expect((await reverse(late, '27.00', fields)).body.useReturned).toBe(false);
  });

  it('is taken after the end of the campaign too', async () => {
    const { id, word } = await campaignWithWord();
    const sold = sale(word);
    await sell(sold);
    await app.operator.must(200, app.operator.post(`/v1/campaigns/${id}/end`));
    expect((await reverse(sold, '9.00')).body.status).toBe('applied');
    expect((await reverse(sold)).body).toMatchObject({ appliedAmount: eur('27.00'), useReturned: true });
  });
});

describe('reversals that come before their redemption', () => {
  it('are applied by the time of the till; who comes too late takes what is left and says so', async () => {
    const sold = sale((await campaignWithWord()).word);
    const [third, first, second, none] = [
      reversalOf(sold, '27.00', { occurredAt: minutesAgo(1) }),
      reversalOf(sold, '9.00', { occurredAt: minutesAgo(3) }),
      reversalOf(sold, '18.00', { occurredAt: minutesAgo(2) }),
      reversalOf(sold, undefined, { occurredAt: minutesAgo(0) }),
    ] as const;
    for (const body of [third, first, second, none])
      expect(await post(body)).toMatchObject({ status: 201, body: { status: 'pending' } });
    const { id } = await sell(sold);
    await attributed(app.databaseUrl);
    const answers = await Promise.all([first, second, third, none].map(post));
    expect(answers.map(({ body }) => body)).toMatchObject([
      { amount: eur('9.00'), appliedAmount: eur('9.00'), remaining: eur('27.00') },
      { amount: eur('18.00'), appliedAmount: eur('18.00'), remaining: eur('9.00') },
      { amount: eur('27.00'), appliedAmount: eur('9.00'), remaining: eur('0.00'), useReturned: true },
      { status: 'applied', appliedAmount: eur('0.00'), remaining: eur('0.00'), useReturned: false },
    ]);
    expect(await lookUp(id)).toMatchObject({ reversed: true, reversedAmount: eur('36.00') });
  });

  it('wait in vain when it is refused or in other money, and say so', async () => {
    const unknown = sale('NEVER HEARD OF');
    const sold = sale((await campaignWithWord()).word);
    const waiting = [
      reversalOf(unknown, '9.00'),
      reversalOf(sold, undefined, { amount: { amount: '9.00', currency: 'USD' } }),
    ];
    for (const body of waiting) expect((await post(body)).body).not.toHaveProperty('obstacle');
    await Promise.all([sell(unknown), sell(sold)]);
    await attributed(app.databaseUrl);
    expect((await Promise.all(waiting.map(post))).map(({ body }) => body)).toMatchObject([
      { status: 'pending', obstacle: 'redemption.not-accepted' },
      { status: 'pending', obstacle: 'currency.mismatch' },
    ]);
    expect((await reverse(sold)).body).toMatchObject({ appliedAmount: eur('36.00') });
  });
});

describe('reversals at the same moment', () => {
  it('never give back more than was paid', async () => {
    const { word } = await campaignWithWord();
    const sold = sale(word);
    const { id } = await sell(sold);
    const answers = await Promise.all(Array.from({ length: 12 }, () => reverse(sold, '9.00')));
    const applied = answers.filter(({ status }) => status === 201);
    expect(applied.map(({ body }) => cents(body))).toEqual([900, 900, 900, 900]);
    expect(applied.filter(({ body }) => body.useReturned)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(8);
    expect(await lookUp(id)).toMatchObject({ reversed: true, reversedAmount: eur('36.00') });
    expect([(await sell(sale(word))).status, (await sell(sale(word))).reason]).toEqual([
      'accepted',
      'code.used-up',
    ]);
  });

  it('as the redemption and as the worker end in one state, each once', async () => {
    const { word } = await campaignWithWord({}, 5);
    for (let round = 0; round < 5; round += 1) {
      const sold = sale(word);
      const bodies = Array.from({ length: 8 }, () => reversalOf(sold, '7.00'));
      // Each is sent twice, as by a till that lost the first answer.
      const posts = [...bodies.slice(0, 4), ...bodies].map(post);
      const [{ id }] = await Promise.all([sell(sold), ...posts]);
      await attributed(app.databaseUrl);
      const answers = await Promise.all(bodies.map(post));
      const stored = answers.filter(({ status }) => status === 201).map(({ body }) => body);
      expect(stored.every(({ status }) => status === 'applied')).toBe(true);
      expect(await lookUp(id)).toMatchObject({
        reversedAmount: eur((stored.reduce((total, body) => total + cents(body), 0) / 100).toFixed(2)),
      });
      await reverse(sold);
      expect(await lookUp(id)).toMatchObject({ reversed: true, reversedDiscount: eur('4.00') });
    }
    const sales = await Promise.all(Array.from({ length: 6 }, () => sell(sale(word))));
    expect(sales.filter(({ status }) => status === 'accepted')).toHaveLength(5);
  });
});

/*
 * Two sales in each campaign, 40.00 less 4.00 and 100.00 less 10.00: revenue 36.00 + 90.00, discount 14.00.
 * 9.00 given back of the first: revenue 117.00, discount 14.00 - 1.00; its 27.00 first: revenue 99.00, discount 14.00 - 3.00.
 * Both, in either order: as if only the second sale had been, revenue 90.00, discount 10.00.
 */
it('a report follows every part to the cent, and ends as the report of a campaign without the sale', async () => {
  const campaigns = await Promise.all([0, 1, 2].map(() => campaignWithWord({}, 10)));
  for (const { word } of campaigns)
    await sell(sale(word, { receipt: { number: `kept ${word}`, subtotal: eur('100.00') } }));
  const [without, ...returned] = campaigns as [
    { id: string; word: string },
    ...{ id: string; word: string }[],
  ];
  const steps = [
    ['9.00', '27.00'],
    ['27.00', '9.00'],
  ] as const;
  const sales = returned.map(({ word }) =>
    sale(word, { customer: { reference: word }, customerStatus: 'new' }),
  );
  await Promise.all(sales.map(sell));

  const figuresOf = async (id: string): Promise<Figures> => {
    await attributed(app.databaseUrl);
    return (await redeemer.finance.get<{ figures: Figures }>(`/v1/campaigns/${id}/report`)).body.figures;
  };
  const told = async (): Promise<(string | undefined)[][]> => {
    const all = await Promise.all(returned.map(({ id }) => figuresOf(id)));
    return all.map((figures) =>
      ['acceptedRedemptions', 'promoReceipts', 'newCustomers', 'revenue', 'discountGiven'].map(
        (name) => figures[name]?.value,
      ),
    );
  };
  expect(await told()).toEqual(Array(2).fill(['2', '2', '1', '126.00', '14.00']));
  await Promise.all(sales.map((sold, index) => reverse(sold, steps[index]?.[0])));
  expect(await told()).toEqual([
    ['2', '2', '1', '117.00', '13.00'],
    ['2', '2', '1', '99.00', '11.00'],
  ]);
  await Promise.all(sales.map((sold, index) => reverse(sold, steps[index]?.[1])));
  expect(await told()).toEqual(Array(2).fill(['1', '1', '0', '90.00', '10.00']));
  const expected = await figuresOf(without.id);
  for (const { id } of returned) expect(await figuresOf(id)).toEqual(expected);
});
