import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, Api } from '../support/api.js';
import { Api as Client } from '../support/api.js';
import {
  buildCampaign,
  buildCodeWord,
  buildPartner,
  buildRedemption,
  type TestPartner,
} from '../support/programme.js';
import { newOperatorKey } from '../support/test-app.js';
import { type TestDatabase, testDatabase } from '../support/test-database.js';
import { type TestProcess, testProcess } from '../support/test-process.js';

interface Decision {
  id: string;
  status: 'accepted' | 'refused';
  reason?: string;
}

describe('several processes deciding at once', () => {
  let database: TestDatabase;
  let processes: TestProcess[];
  let issuer: TestPartner;
  let redeemer: TestPartner;
  let offerId: string;
  let tills: Api[];
  let operatorKey: string;

  beforeAll(async () => {
    database = await testDatabase();
    operatorKey = newOperatorKey();
    const variables = { DATABASE_URL: database.url, OPERATOR_KEY: operatorKey };
    processes = [await testProcess({ ...variables, ROLE: 'all' })];
    processes.push(...(await Promise.all([1, 2].map(() => testProcess({ ...variables, ROLE: 'api' })))));
    const operator = new Client(processes[0]!.url, operatorKey);
    issuer = await buildPartner(operator);
    redeemer = await buildPartner(operator);
    const campaign = await buildCampaign(operator, { issuer, redeemer });
    offerId = campaign.offerIds[0]!;
    tills = processes.map(({ url }) => new Client(url, redeemer.pos.key));
  });

  afterAll(async () => {
    await Promise.all((processes ?? []).map((one) => one.stop()));
    await database?.drop();
  });

  const spread = (bodies: readonly object[]): Promise<Answer<Decision>[]> =>
    Promise.all(
      bodies.map((body, index) => tills[index % tills.length]!.post<Decision>('/v1/redemptions', body)),
    );

  it.each(Array.from({ length: 10 }, (_, round) => round))(
    '200 parallel posts on a limit of 50 accept exactly 50 (round %i)',
    async (round) => {
      await buildCodeWord(issuer, offerId, `LIMITED ROUND ${round}`, { maxRedemptions: 50 });
      const answers = await spread(
        Array.from({ length: 200 }, () => buildRedemption(redeemer, `limited round ${round}`)),
      );
      expect(answers.map((answer) => answer.status)).toEqual(Array(200).fill(201));
      expect(answers.filter((answer) => answer.body.status === 'accepted')).toHaveLength(50);
      expect(new Set(answers.flatMap((answer) => answer.body.reason ?? []))).toEqual(
        new Set(['code.used-up']),
      );
    },
  );

  it('the same post sent 50 times in parallel is counted once and answered alike', async () => {
    await buildCodeWord(issuer, offerId, 'ONCE', { maxRedemptions: 2 });
    const post = buildRedemption(redeemer, 'ONCE');
    const answers = await spread(Array.from({ length: 50 }, () => post));
    expect(answers.map((answer) => answer.status)).toEqual(Array(50).fill(201));
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === 'true')).toHaveLength(
      49,
    );
    const second = await tills[0]!.post<Decision>('/v1/redemptions', buildRedemption(redeemer, 'ONCE'));
    const third = await tills[0]!.post<Decision>('/v1/redemptions', buildRedemption(redeemer, 'ONCE'));
    expect([second.body.status, third.body.reason]).toEqual(['accepted', 'code.used-up']);
  });

  it('the same externalId with another body is refused with 422, also in the same instant', async () => {
    await buildCodeWord(issuer, offerId, 'SAME ID');
    const post = buildRedemption(redeemer, 'SAME ID');
    const other = { ...post, receipt: { number: 'another', subtotal: { amount: '7.00', currency: 'EUR' } } };
    const answers = await spread([post, other, post, other, post, other]);
    const statuses = answers.map((answer) => answer.status).sort((a, b) => a - b);
    expect(statuses).toEqual([201, 201, 201, 422, 422, 422]);
  });

  it('shuffled batches with common items have one effect per item', async () => {
    await buildCodeWord(issuer, offerId, 'STORM');
    const items = Array.from({ length: 200 }, () => buildRedemption(redeemer, 'STORM'));
    const batches = Array.from({ length: 12 }, (_, turn) => [
      ...items.slice(turn * 16),
      ...items.slice(0, turn * 16),
    ]);
    const answers = await Promise.all(
      batches.map((batch, index) =>
        tills[index % tills.length]!.post<{ results: (Decision & { externalId: string })[] }>(
          '/v1/redemptions/batch',
          { items: batch },
        ),
      ),
    );
    const ids = new Map<string, Set<string>>();
    for (const { body } of answers)
      for (const { externalId, id } of body.results)
        ids.set(externalId, (ids.get(externalId) ?? new Set()).add(id));
    expect(ids.size).toBe(200);
    expect([...ids.values()].every((set) => set.size === 1)).toBe(true);
  });

  it('two clashing code words made at once: one is made, the other learns of the clash', async () => {
    const words = ['CAFÉ 99', 'cafe-99', 'САFE99'];
    const answers = await Promise.all(
      words.map((word, index) =>
        issuer.marketer.as(issuer.marketer.key).post(`/v1/offers/${offerId}/code-words`, {
          word,
          placement: undefined,
          maxRedemptions: index + 1,
        }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([201, 409, 409]);
  });

  describe('issuing coupons', () => {
    interface Coupon {
      readonly code: string;
    }
    /** Each till asks again when it is told to come back in a second. */
    const askAll = (offer: string, bodies: readonly object[]): Promise<Answer<Coupon>[]> =>
      Promise.all(
        bodies.map(async (body, index) => {
          const till = new Client(processes[index % processes.length]!.url, issuer.pos.key);
          for (;;) {
            const answer = await till.post<Coupon>(`/v1/offers/${offer}/issuances`, body);
            if (answer.status !== 503) return answer;
          }
        }),
      );
    const requests = (count: number, prefix: string): object[] =>
      Array.from({ length: count }, (_, turn) => ({
        externalId: `${prefix}-${turn}`,
        channelId: issuer.channelId,
      }));
    const offerWith = async (issuance: object): Promise<string> => {
      const operator = new Client(processes[0]!.url, operatorKey);
      const campaign = await buildCampaign(operator, {
        ...{ issuer, redeemer },
        offer: { issuance },
      });
      return campaign.offerIds[0]!;
    };

    it('200 parallel requests on a ceiling of 50 get exactly 50 coupons, none of them twice', async () => {
      const offer = await offerWith({ ceiling: 50 });
      const answers = await askAll(offer, requests(200, 'crowd'));
      const issued = answers.filter(({ status }) => status === 201);
      expect(issued).toHaveLength(50);
      expect(new Set(issued.map(({ body }) => body.code)).size).toBe(50);
      const others = answers.filter(({ status }) => status !== 201);
      expect(new Set(others.map(({ body }) => body.code))).toEqual(new Set(['issuance.ceiling-reached']));
    });

    it('the same request sent 30 times at once gets one coupon, and so does one receipt', async () => {
      const offer = await offerWith({});
      const [one] = requests(1, 'again');
      const receipt = { number: 'r-1', total: { amount: '9.00', currency: 'EUR' } };
      const repeated = await askAll(
        offer,
        Array.from({ length: 30 }, () => ({ ...one, receipt })),
      );
      expect(new Set(repeated.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(repeated[0]?.status).toBe(201);
      const competing = requests(30, 'receipt').map((body) => ({
        ...body,
        receipt: { ...receipt, number: 'r-2' },
      }));
      const answers = await askAll(offer, competing);
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(answers.filter(({ body }) => body.code === 'receipt.already-used')).toHaveLength(29);
    });
  });
});
