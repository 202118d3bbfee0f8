import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/platform/embedded-postgres/embedded-postgres.js';
import { eventually } from '../support/eventually.js';
import { SmallDisk } from '../support/small-disk.js';
import { figure, seconds } from './figures.js';
import { Installation } from './installation.js';
import { mixedPosts } from './posts.js';
import { size } from './size.js';
import { answeredSince, answersAgain, told } from './told.js';

const PATIENCE_MS = 90_000;
const disk = SmallDisk.mount(256);
const onSmallDisk = typeof disk === 'string' ? describe.skip : describe;
if (typeof disk === 'string') figure('disk full', { skipped: disk });

onSmallDisk('the disk under PostgreSQL', () => {
  const { folder } = disk as SmallDisk;
  const said: string[] = [];
  let postgres: EmbeddedPostgres;
  let tandem: Installation;

  beforeAll(async () => {
    // As on one machine: Tandem's own PostgreSQL, which is started again when it dies. Little is kept of the log of changes.
    const flags = ['max_wal_size=48MB', 'min_wal_size=32MB', 'max_connections=100'];
    postgres = await startEmbeddedPostgres({
      dataDir: join(folder, 'data'),
      flags: flags.flatMap((setting) => ['-c', setting]),
      log: (line) => said.push(line),
    });
    const { url } = postgres;
    tandem = await Installation.start({
      ...{ apis: 1, workers: 1, queue: 'postgres', database: { url, watchUrl: url } },
    });
  });

  afterAll(async () => {
    (disk as SmallDisk).free();
    await tandem?.stop();
    await postgres?.stop();
    (disk as SmallDisk).unmount();
  });

  it('full: nothing is promised that is not kept, and freed it is written on by itself', async () => {
    const small = disk as SmallDisk;
    const load = tandem.load({ plan: mixedPosts(tandem.world, { batchShare: 0.3 }), connections: 16 });
    await eventually(() => load.answered > 50, PATIENCE_MS);
    const fullFor = size(30_000, 5_000);
    const filling = setInterval(() => small.fill(), 100);
    small.fill();
    const fullAt = performance.now();
    await eventually(() => load.count('unavailable') > 20, PATIENCE_MS);
    const refusedAt = performance.now();
    await sleep(fullFor);
    clearInterval(filling);
    const answered = answeredSince(load, refusedAt);
    small.free();
    const recoveryMs = await answersAgain(load, PATIENCE_MS);
    await load.stop();
    await tandem.check();
    expect(load.count('lost')).toBe(0);
    figure(`disk of PostgreSQL full for ${seconds(refusedAt - fullAt + fullFor)}`, {
      ...{ ...told(load, fullAt), 'answered meanwhile, and stored': answered },
      ...{ 'times PostgreSQL died of it': said.filter((line) => /has died/.test(line)).length },
      'answers again after': seconds(recoveryMs),
    });
  });
});
