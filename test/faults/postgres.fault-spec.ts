import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { PostgresServer } from '../support/postgres-server.js';
import { figure, seconds } from './figures.js';
import { Installation } from './installation.js';
import type { LoadClient } from './load-client.js';
import { mixedPosts } from './posts.js';
import { size } from './size.js';
import { answeredSince, answersAgain, told, unavailable } from './told.js';

/** The table says under 1 s and within 5 s; a slow machine may take longer. */
const UNAVAILABLE_WITHIN_MS = 10_000;
const RECOVERS_WITHIN_MS = 45_000;

describe('PostgreSQL, without which nothing is decided', () => {
  let server: PostgresServer;
  let tandem: Installation;
  let load: LoadClient;
  let seed = 0;

  beforeAll(async () => {
    server = await PostgresServer.start();
    const { url } = server;
    // The queue in the same server: everything goes away at once.
    tandem = await Installation.start({
      ...{ apis: 2, workers: 1, queue: 'postgres', database: { url, watchUrl: url } },
    });
  });

  afterAll(async () => {
    await tandem?.stop();
    await server?.remove();
  });

  beforeEach(async () => {
    load = tandem.load({ plan: mixedPosts(tandem.world, { seed: (seed += 1) }), connections: 16 });
    await eventually(() => load.answered > 50, RECOVERS_WITHIN_MS);
  });

  afterEach(async () => {
    await load.stop();
    await tandem.check();
    // A till is always told; no connection of its own breaks.
    expect(load.count('lost')).toBe(0);
    expect(Math.max(...unavailable(load))).toBeLessThan(UNAVAILABLE_WITHIN_MS);
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
    const stoppedMs = size(60_000, 5_000);
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
      ...told(load),
      'answers again after': seconds(recovery),
    });
  });
});
