import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import type { PostgresServer } from '../support/postgres-server.js';
import type { SmallDisk } from '../support/small-disk.js';
import { figure, seconds } from './figures.js';
import type { Installation } from './installation.js';
import type { LoadClient } from './load-client.js';
import { mixedPosts } from './posts.js';
import { size } from './size.js';
import { answeredSince, answersAgain, told, unavailable } from './told.js';

/** The table says under 1 s and within 5 s; a slow machine may take longer. */
const UNAVAILABLE_WITHIN_MS = 10_000;
const RECOVERS_WITHIN_MS = 60_000;

export interface OnServer {
  readonly tandem: Installation;
  readonly server: PostgresServer;
  /** Of the server's data, or the reason why there is none. */
  readonly disk: SmallDisk | string;
}

/** What happens to the server itself. Needs two API processes and a worker. */
export function describeDatabaseFaults(given: () => OnServer): void {
  describe('PostgreSQL, without which nothing is decided', () => {
    let tandem: Installation;
    let server: PostgresServer;
    let load: LoadClient;
    let seed = 0;

    beforeAll(async () => {
      ({ tandem, server } = given());
      await tandem.openWorld();
    });

    beforeEach(async () => {
      const plan = mixedPosts(tandem.world, { seed: (seed += 1) });
      load = tandem.load({ plan, connections: 16 });
      await eventually(() => load.answered > 50, RECOVERS_WITHIN_MS);
    });

    afterEach(async () => {
      await load.stop();
      await tandem.check();
      // A till is always told; no connection of its own breaks.
      expect(load.count('lost')).toBe(0);
      expect(Math.max(0, ...unavailable(load))).toBeLessThan(UNAVAILABLE_WITHIN_MS);
    });

    it('crashed and started again under load', async () => {
      const crashes = size(5, 1);
      const recoveries: number[] = [];
      for (let crash = 0; crash < crashes; crash += 1) {
        await server.crash();
        await server.start();
        recoveries.push(await answersAgain(load, RECOVERS_WITHIN_MS));
        await sleep(1_000);
      }
      figure(`PostgreSQL crashed ${crashes} times under load`, {
        ...told(load),
        'answers again after': seconds(Math.max(...recoveries)),
      });
    });

    it('stopped for a while', async () => {
      const stoppedMs = size(60_000, 3_000);
      await server.stop();
      const stoppedAt = performance.now();
      await sleep(stoppedMs / 2);
      const health = await Promise.all(
        ['live', 'ready'].map((path) => tandem.fleet.operator.get(`/health/${path}`)),
      );
      expect(health.map(({ status }) => status)).toEqual([200, 503]);
      await sleep(stoppedMs / 2);
      expect(answeredSince(load, stoppedAt)).toBe(0);
      await server.start();
      const recovery = await answersAgain(load, RECOVERS_WITHIN_MS);
      figure(`PostgreSQL stopped for ${seconds(stoppedMs)}`, {
        ...told(load, stoppedAt),
        'answers again after': seconds(recovery),
      });
    });

    it('on a full disk: nothing is promised that is not kept, and freed it is written on by itself', async () => {
      const { disk } = given();
      if (typeof disk === 'string') return figure('disk full: SKIPPED', { reason: disk });
      const fullFor = size(30_000, 3_000);
      const filling = setInterval(() => disk.fill(), 100);
      disk.fill();
      const fullAt = performance.now();
      await eventually(() => unavailable(load, fullAt).length > 20, RECOVERS_WITHIN_MS);
      const refusedAt = performance.now();
      await sleep(fullFor);
      clearInterval(filling);
      const answered = answeredSince(load, refusedAt);
      disk.free();
      const recovery = await answersAgain(load, RECOVERS_WITHIN_MS);
      figure(`disk of PostgreSQL full for ${seconds(refusedAt - fullAt + fullFor)}`, {
        ...{ ...told(load, fullAt), 'answered meanwhile, and stored': answered },
        ...{ 'times PostgreSQL died of it': server.deaths, 'answers again after': seconds(recovery) },
      });
    });
  });
}
