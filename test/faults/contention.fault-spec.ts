import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildCodeWord, buildRedemption } from '../support/programme.js';
import { figure, seconds } from './figures.js';
import { Installation } from './installation.js';
import type { Item, Post } from './posts.js';
import { size } from './size.js';

describe('several processes that decide about the same', () => {
  let tandem: Installation;

  beforeAll(async () => {
    tandem = await Installation.start({ apis: size(4, 2), workers: 2, limits: { coupons: 100 } });
  });

  afterAll(() => tandem?.stop());

  const items = (code: string, count: number): Item[] =>
    Array.from({ length: count }, () => buildRedemption(tandem.world.redeemer, code) as unknown as Item);
  const batch = (of: readonly Item[]): Post => ({ kind: 'batch', till: tandem.world.redeemer, items: of });

  it('one batch sent many times at once, shuffled and split, has one effect per item', async () => {
    const [count, times] = [size(500, 100), size(50, 12)];
    const upload = items('few', count);
    const posts = Array.from({ length: times }, () => split(shuffled(upload))).flat();
    const load = await tandem.post(posts.map(batch), times);
    const { redemptions } = await tandem.check();
    expect(redemptions).toBe(count);
    figure(`the same batch of ${count} sent ${times} times, shuffled and split`, {
      ...{ requests: posts.length, redemptions, 'told to come again': load.count('unavailable') },
    });
  });

  it('a limit is reached and never passed, while workers are killed', async () => {
    const [posts, limit] = [size(10_000, 500), size(1_000, 100)];
    const { issuer, redeemer, offers } = tandem.world;
    await buildCodeWord(issuer, offers.open, 'RUSH', { maxRedemptions: limit });
    const startedAt = performance.now();
    const left = items('rush', posts).map((item): Post => ({
      ...{ kind: 'redemption', till: redeemer, items: [item] },
    }));
    const load = tandem.load({ plan: () => left.shift(), connections: 64, pauseMs: 0 });
    let kills = 0;
    const killing = (async () => {
      while (left.length > 0) {
        await sleep(500);
        const worker = tandem.fleet.workers[kills % 2]!;
        await worker.kill();
        await worker.start();
        kills += 1;
      }
    })();
    await Promise.all([load.finish(), killing]);
    const ms = performance.now() - startedAt;
    const { rows } = await tandem.watch.query<{ accepted: number; posts: number }>(
      `select count(*) filter (where status = 'accepted')::int as accepted, count(*)::int as posts
         from redemptions where typed_code = 'rush'`,
    );
    expect(rows[0]).toEqual({ accepted: limit, posts });
    await tandem.check();
    figure(`${posts} posts at ${tandem.fleet.apis.length} processes for a limit of ${limit}`, {
      ...{ accepted: rows[0]!.accepted, 'workers killed': kills, 'took (with the kills)': seconds(ms) },
    });
  });

  it('batches with the same codes in opposite order do not get into each other’s way', async () => {
    const rounds = size(30, 5);
    const { coupons, redeemer } = tandem.world;
    const deadlocks = async (): Promise<number> => {
      const { rows } = await tandem.watch.query<{ deadlocks: number }>(
        'select deadlocks::int from pg_stat_database where datname = current_database()',
      );
      return rows[0]!.deadlocks;
    };
    const before = await deadlocks();
    const of = (codes: readonly string[]): Post =>
      batch(codes.map((code) => buildRedemption(redeemer, code) as unknown as Item));
    const posts = Array.from({ length: rounds }, () => [of(coupons), of([...coupons].reverse())]).flat();
    const load = await tandem.post(posts, 4);
    expect(load.count('unavailable') + load.count('lost')).toBe(0);
    await tandem.check();
    figure(`${posts.length} batches of the same ${coupons.length} coupons in opposite orders`, {
      ...{
        'deadlocks that reached a till': 0,
        'deadlocks that were tried again': (await deadlocks()) - before,
      },
    });
  });
});

function shuffled<T>(items: readonly T[]): T[] {
  const left = [...items];
  return items.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0] as T);
}

/** Cuts a list into up to five pieces. */
function split<T>(items: readonly T[]): T[][] {
  const pieces = 1 + Math.floor(Math.random() * 5);
  const length = Math.ceil(items.length / pieces);
  return Array.from({ length: pieces }, (_, index) =>
    items.slice(index * length, (index + 1) * length),
  ).filter((piece) => piece.length > 0);
}
