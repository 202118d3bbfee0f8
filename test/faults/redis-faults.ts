import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { hasRedisServer } from '../support/redis-server.js';
import { figure, quantile, seconds } from './figures.js';
import type { Installation } from './installation.js';
import type { LoadClient } from './load-client.js';
import { mixedPosts } from './posts.js';
import { rollupsMove } from './progress.js';
import { size } from './size.js';

/** The table says that workers go on within 5 s and that flushed work is done within 60 s; a slow machine may take longer. */
const GOES_ON_WITHIN_MS = 45_000;
const FLUSHED_WITHIN_MS = 120_000;

/** What happens to Redis. Needs one, and a worker. */
export function describeRedisFaults(installation: () => Installation): void {
  const onRedis = hasRedisServer() ? describe : describe.skip;

  onRedis('Redis, which carries references and no truth', () => {
    let tandem: Installation;
    let load: LoadClient;
    let seed = 0;

    beforeAll(async () => {
      tandem = installation();
      await tandem.openWorld();
    });

    beforeEach(async () => {
      load = tandem.load({ plan: mixedPosts(tandem.world, { seed: (seed += 1) }) });
      await rollupsMove(tandem.watch, GOES_ON_WITHIN_MS);
    });

    afterEach(async () => {
      await load.stop();
      await tandem.check();
      // The tills noticed nothing of all this.
      expect(load.count('lost') + load.count('unavailable')).toBe(0);
    });

    it.each(size([3, 12, 40], [3]))('killed for %i s', async (outage) => {
      const before = load.answered;
      const killedAt = performance.now();
      await tandem.redis!.kill();
      await sleep(outage * 1_000);
      const during = triesSince(load, killedAt);
      expect(load.answered).toBeGreaterThan(before);
      await tandem.redis!.restart();
      const goesOnMs = await rollupsMove(tandem.watch, GOES_ON_WITHIN_MS);
      figure(`Redis killed for ${outage} s`, { ...during, 'workers go on after': seconds(goesOnMs) });
    });

    it('flushed again and again under load', async () => {
      const startedAt = performance.now();
      const flushes = size(30, 10);
      for (let flush = 0; flush < flushes; flush += 1) {
        await command((redis) => redis.flushall());
        await sleep(100);
      }
      const flushedMs = await workOfNowIsDone();
      figure(`FLUSHALL ${flushes} times under load`, {
        ...triesSince(load, startedAt),
        'all flushed work is done after': seconds(flushedMs),
      });
    });

    it('out of memory', async () => {
      const startedAt = performance.now();
      await command((redis) => redis.config('SET', 'maxmemory', '1'));
      await sleep(size(20_000, 3_000));
      const during = triesSince(load, startedAt);
      await command((redis) => redis.config('SET', 'maxmemory', '0'));
      const goesOnMs = await rollupsMove(tandem.watch, GOES_ON_WITHIN_MS);
      const doneMs = await workOfNowIsDone();
      figure('Redis out of memory', {
        ...{ ...during, 'workers go on after': seconds(goesOnMs) },
        'all of its work is done after': seconds(doneMs),
      });
    });

    async function command(act: (redis: Redis) => Promise<unknown>): Promise<void> {
      const redis = new Redis(tandem.redis!.url);
      await act(redis);
      redis.disconnect();
    }

    /** Waits until everything that is committed at this moment is done. */
    async function workOfNowIsDone(): Promise<number> {
      const startedAt = performance.now();
      const { rows } = await tandem.watch.query<{ id: string }>('select id from outbox');
      const ids = rows.map(({ id }) => id);
      await eventually(
        async () => (await tandem.watch.query('select from outbox where id = any($1)', [ids])).rowCount === 0,
        FLUSHED_WITHIN_MS,
      );
      return performance.now() - startedAt;
    }
  });
}

function triesSince(load: LoadClient, since: number): Record<string, string | number> {
  const tries = load.tries.filter(({ at }) => at > since);
  const ms = tries.map((one) => one.ms);
  return { 'answered meanwhile': tries.length, '99th percentile': `${quantile(ms, 0.99).toFixed(0)} ms` };
}
