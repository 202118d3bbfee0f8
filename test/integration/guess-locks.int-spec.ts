import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../../src/platform/config/environment.js';
import { type RunningApplication, startApplication } from '../../src/start-application.js';
import { Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { GuessProcess } from '../support/guess-process.js';
import { newId } from '../support/code-builders.js';
import {
  buildCampaign,
  buildCodeWord,
  buildPartner,
  buildRedemption,
  type TestPartner,
} from '../support/programme.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { newOperatorKey } from '../support/test-app.js';
import { testDatabase } from '../support/test-database.js';

/** A slow machine is no failure; a notification takes milliseconds. */
const SOON_MS = 10_000;

let database: Awaited<ReturnType<typeof testDatabase>>;
let here: RunningApplication;
let there: RunningApplication;
let operator: Api;
let gym: TestPartner;
let guesses = 0;

const operatorKey = newOperatorKey();
const startProcess = (): Promise<RunningApplication> =>
  startApplication(
    readEnvironment({
      DATABASE_URL: database.url,
      OPERATOR_KEY: operatorKey,
      PORT: '0',
      LOG_LEVEL: 'error',
      DEMO: 'off',
    }),
  );

beforeAll(async () => {
  database = await testDatabase();
  here = await startProcess();
  there = await startProcess();
  operator = new Api(here.url, operatorKey);
  const issuer = await buildPartner(operator);
  gym = await buildPartner(operator);
  const campaign = await buildCampaign(operator, { issuer, redeemer: gym });
  await buildCodeWord(issuer, campaign.offerIds[0]!, 'GOOD CODE');
}, 120_000);

afterAll(async () => {
  await here?.stop();
  await there?.stop();
  await database?.drop();
});

interface Till {
  readonly api: Api;
  readonly keyId: string;
  readonly channelId: string;
}

/** A till of its own for each test: a channel and a key. */
async function buildTill(): Promise<Till> {
  const channel = await operator.must(
    201,
    operator.post(`/v1/partners/${gym.id}/channels`, { kind: 'pos', name: 'Till' }),
  );
  const key = await operator.must(
    201,
    operator.post(`/v1/partners/${gym.id}/api-keys`, { role: 'pos', label: 'till' }),
  );
  return { api: operator.as(key.key!), keyId: key.id!, channelId: channel.id! };
}

const elsewhere = ({ api }: Till, process: RunningApplication): Api => new Api(process.url, api.key);
const post = ({ channelId }: Till, code: string, fields: object = {}): Record<string, unknown> =>
  buildRedemption(gym, code, { channelId, ...fields });
const wrongCode = (): string => `WRONG${(guesses += 1)}`;
const validate = (till: Till, code = 'GOOD CODE', api = till.api) =>
  api.post('/v1/validations', { code, channelId: till.channelId });

interface BatchAnswer extends Record<string, unknown> {
  readonly results: { status?: string; reason?: string; error?: { code: string; status: number } }[];
}
const redeemAll = (till: Till, items: unknown[]) =>
  till.api.post<BatchAnswer>('/v1/redemptions/batch', { items });
const wrongPosts = (till: Till, count: number, fields: object = {}): unknown[] =>
  Array.from({ length: count }, () => post(till, wrongCode(), fields));

/** A till whose key is locked out for minutes. */
async function buildLockedTill(): Promise<Till> {
  const till = await buildTill();
  expect((await redeemAll(till, wrongPosts(till, 60))).status).toBe(200);
  return till;
}

const locksOf = async (): Promise<{ id: string; keyId: string; channelId: string; locksInRow: number }[]> =>
  (
    await operator.must<{ items: { id: string; keyId: string; channelId: string; locksInRow: number }[] }>(
      200,
      operator.get(`/v1/partners/${gym.id}/guess-locks?limit=200`),
    )
  ).items;

describe('a key that fails again and again at a channel', () => {
  it('is let through fifteen times and some, then told to wait, whatever the code', async () => {
    const till = await buildTill();
    let failed = 0;
    let answer = await validate(till, wrongCode());
    for (; answer.status === 200 && failed < 100; failed += 1) answer = await validate(till, wrongCode());
    expect(failed).toBeGreaterThanOrEqual(15);
    expect(answer.status).toBe(429);
    expect(answer.body).toMatchObject({ code: 'guesses.too-many', status: 429 });
    expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(30);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('gets the same answer for a good code as for a bad one, and nothing of it is stored', async () => {
    const till = await buildLockedTill();
    const posts = [post(till, 'GOOD CODE'), post(till, wrongCode())];
    const answers = await Promise.all(posts.map((body) => till.api.post('/v1/redemptions', body)));
    expect(answers.map(({ status }) => status)).toEqual([429, 429]);
    expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set(['guesses.too-many']));
    expect([(await validate(till)).status, (await redeemAll(till, posts)).status]).toEqual([429, 429]);
    const stored = await till.api.get<{ items: unknown[] }>(
      `/v1/redemptions?channel=${till.channelId}&limit=200`,
    );
    expect(stored.body.items).toHaveLength(60);
  });

  it('is locked out in every process at once', async () => {
    const till = await buildLockedTill();
    await eventually(
      async () => (await validate(till, undefined, elsewhere(till, there))).status === 429,
      SOON_MS,
    );
  });

  it('is locked out after a restart, from the first request', async () => {
    const till = await buildLockedTill();
    const restarted = await startProcess();
    expect((await validate(till, undefined, elsewhere(till, restarted))).status).toBe(429);
    await restarted.stop();
  });

  it('is served at its other channels, and other keys are served at this one', async () => {
    const [till, other] = [await buildLockedTill(), await buildTill()];
    expect((await till.api.post('/v1/redemptions', post(other, 'GOOD CODE'))).body.status).toBe('accepted');
    expect((await other.api.post('/v1/redemptions', post(till, 'GOOD CODE'))).body.status).toBe('accepted');
  });

  it('is counted in the metrics', async () => {
    const metric = async (): Promise<number> => {
      const { text } = await operator.get('/metrics');
      return Number(/^tandem_guess_locks_total (\d+)$/m.exec(text)?.[1]);
    };
    const before = await metric();
    await buildLockedTill();
    expect(await metric()).toBe(before + 1);
  });
});

describe('what an offline till reports', () => {
  it('is recorded although the key is locked out', async () => {
    const till = await buildLockedTill();
    const answer = await till.api.post('/v1/redemptions', post(till, 'GOOD CODE', { offline: true }));
    expect([answer.status, answer.body.status]).toEqual([201, 'accepted']);
  });

  it('is recorded beside online items of the same batch, which are not', async () => {
    const [till, other] = [await buildLockedTill(), await buildTill()];
    const answer = await redeemAll(till, [
      post(till, 'GOOD CODE'),
      post(till, 'GOOD CODE', { offline: true }),
      post(other, 'GOOD CODE'),
    ]);
    expect(answer.status).toBe(200);
    expect(answer.body.results.map((one) => one.status ?? one.error)).toEqual([
      expect.objectContaining({
        code: 'guesses.too-many',
        status: 429,
        retryAfterSeconds: expect.any(Number),
      }),
      'accepted',
      'accepted',
    ]);
  });

  it('counts: who guesses as if offline is locked out online', async () => {
    const till = await buildTill();
    await redeemAll(till, wrongPosts(till, 40, { offline: true }));
    expect((await validate(till)).status).toBe(429);
    expect((await redeemAll(till, wrongPosts(till, 1, { offline: true }))).status).toBe(200);
  });
});

describe('failures are forgiven', () => {
  it('by accepted redemptions, four for one', async () => {
    const till = await buildTill();
    await redeemAll(till, wrongPosts(till, 12));
    await redeemAll(
      till,
      Array.from({ length: 48 }, () => post(till, 'GOOD CODE')),
    );
    await redeemAll(till, wrongPosts(till, 12));
    expect((await validate(till)).status).toBe(200);
    await redeemAll(till, wrongPosts(till, 12));
    expect((await validate(till)).status).toBe(429);
  });

  it('when they are the same wrong code again, as on a misprinted flyer', async () => {
    const till = await buildTill();
    const misprint = Array.from({ length: 50 }, () => post(till, 'MISPRINT'));
    await redeemAll(till, misprint);
    for (let customer = 0; customer < 20; customer += 1) await validate(till, 'mis-print');
    expect((await validate(till)).status).toBe(200);
  });

  it('when they are the same post again', async () => {
    const till = await buildTill();
    const posts = wrongPosts(till, 10);
    for (let repeat = 0; repeat < 3; repeat += 1) await redeemAll(till, posts);
    expect((await validate(till)).status).toBe(200);
  });

  it('by the admin, in every process at once', async () => {
    const till = await buildLockedTill();
    await eventually(
      async () => (await validate(till, undefined, elsewhere(till, there))).status === 429,
      SOON_MS,
    );
    const lock = (await locksOf()).find((one) => one.keyId === till.keyId);
    expect(lock).toMatchObject({ channelId: till.channelId, locksInRow: 1, lockedUntil: expect.any(String) });

    const path = `/v1/partners/${gym.id}/guess-locks/${lock!.id}`;
    const stranger = await buildPartner(operator);
    expect((await stranger.admin.delete(path)).status).toBe(404);
    expect((await stranger.admin.get(`/v1/partners/${gym.id}/guess-locks`)).status).toBe(404);
    expect((await stranger.admin.delete(`/v1/partners/${stranger.id}/guess-locks/${lock!.id}`)).status).toBe(
      404,
    );
    expect((await gym.marketer.delete(path)).status).toBe(403);

    expect((await gym.admin.delete(path)).status).toBe(204);
    expect((await gym.admin.delete(path)).status).toBe(404);
    for (const process of [here, there])
      await eventually(
        async () => (await validate(till, undefined, elsewhere(till, process))).status === 200,
        SOON_MS,
      );
    expect((await locksOf()).map((one) => one.keyId)).not.toContain(till.keyId);
    expect((await redeemAll(till, wrongPosts(till, 14))).status).toBe(200);
    expect((await validate(till)).status).toBe(200);
  });
});

describe('between processes', () => {
  const newGuesser = () => ({ redeemerPartnerId: newId(), keyId: newId(), channelId: newId() });
  const failures = (failed: number) => ({ acceptedBefore: 0, failed, accepted: 0 });

  it('no failure is lost, however many count at once', async () => {
    const [one, other] = [await GuessProcess.start(database.url), await GuessProcess.start(database.url)];
    const [guesser, second] = [newGuesser(), newGuesser()];
    await Promise.all(
      [one, other, one, other, one].flatMap(({ recorder }) =>
        Array.from({ length: 20 }, (_, index) =>
          recorder.record(index % 2 === 0 ? guesser : second, failures(1)),
        ),
      ),
    );
    // A hundred failures in a few seconds, of which time forgives some tenths.
    expect(await one.debtOf(guesser)).toBeGreaterThan(45);
    expect(await one.debtOf(second)).toBeGreaterThan(45);
    expect((await one.debtOf(guesser)) + (await one.debtOf(second))).toBeLessThanOrEqual(100);
    await one.stop();
    await other.stop();
  });

  it('one that cannot hear keeps its locks, learns of another when its key fails there, and of all when it hears again', async () => {
    const line = await TcpProxy.start(database.url);
    const [deaf, other] = [
      await GuessProcess.start(database.url, line.url),
      await GuessProcess.start(database.url),
    ];
    const [early, failing, late] = [newGuesser(), newGuesser(), newGuesser()];
    const isLocked = ({ keyId, channelId }: typeof early): boolean =>
      deaf.known.remainingMs(keyId, channelId) > 0;
    await other.recorder.record(early, failures(60));
    await eventually(() => isLocked(early), SOON_MS);

    await line.cut();
    await eventually(() => !deaf.listener.isListening, SOON_MS);
    for (const guesser of [failing, late]) await other.recorder.record(guesser, failures(60));
    expect([isLocked(early), isLocked(failing), isLocked(late)]).toEqual([true, false, false]);
    await deaf.recorder.record(failing, failures(1));
    expect([isLocked(early), isLocked(failing), isLocked(late)]).toEqual([true, true, false]);

    await line.mend();
    await eventually(() => isLocked(late), SOON_MS);
    expect([isLocked(early), isLocked(failing)]).toEqual([true, true]);
    await deaf.stop();
    await other.stop();
    await line.cut();
  });

  it('a lock lasts as long by a clock that is hours wrong', async () => {
    const [one, wrong] = [await GuessProcess.start(database.url), await GuessProcess.start(database.url)];
    wrong.clock.aheadMs = 2 * 3_600_000;
    const guesser = newGuesser();
    const remaining = ({ known }: GuessProcess): number =>
      known.remainingMs(guesser.keyId, guesser.channelId);
    await one.recorder.record(guesser, failures(60));
    await eventually(() => remaining(wrong) > 0, SOON_MS);
    expect(Math.abs(remaining(wrong) - remaining(one))).toBeLessThan(SOON_MS);
    await wrong.recorder.record(guesser, failures(1));
    expect(remaining(wrong)).toBeGreaterThan(20 * 60_000);
    await one.stop();
    await wrong.stop();
  });

  it('a failure that cannot be counted is no failure of the answer', async () => {
    const process = await GuessProcess.start(database.url);
    await process.stop();
    await expect(process.recorder.record(newGuesser(), failures(1))).resolves.toBeUndefined();
  });
});
