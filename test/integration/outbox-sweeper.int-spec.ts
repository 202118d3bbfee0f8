import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { Clock } from '../../src/platform/clock/clock.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { Outbox } from '../../src/platform/outbox/outbox.js';
import { OutboxRelay } from '../../src/platform/outbox/outbox-relay.js';
import { OutboxSweeper } from '../../src/platform/outbox/outbox-sweeper.js';
import { type TestDatabase, testDatabase } from '../support/test-database.js';

describe('the sweeper', () => {
  const published: string[] = [];
  const outbox = new Outbox(new Clock());
  let rings = 0;
  let database: TestDatabase;
  let source: DataSource;
  let db: Database;
  let sweeper: OutboxSweeper;

  beforeAll(async () => {
    database = await testDatabase();
    source = await createDataSource(database.url).initialize();
    db = new Database(source);
    const relay = new OutboxRelay();
    const publish = (ids: readonly string[]) => Promise.resolve(void published.push(...ids));
    relay.register({ topic: 'work', publish });
    relay.register({ topic: 'shared', publish, ring: () => Promise.resolve(void (rings += 1)) });
    sweeper = new OutboxSweeper(db, relay);
  });

  beforeEach(async () => {
    await source.query('truncate outbox');
    published.length = 0;
    rings = 0;
  });

  afterAll(async () => {
    await source?.destroy();
    await database?.drop();
  });

  const append = () => db.transaction((tx) => outbox.append(tx, 'work', {}));
  const share = async (): Promise<string> => {
    const one = { redeemerPartnerId: new Clock().newId(), payload: {}, facts: 3 };
    const [id = ''] = await db.transaction((tx) => outbox.share(tx, 'shared', [one]));
    return id;
  };
  const fail = (id: string) => db.transaction((tx) => outbox.fail(tx, [id], 'it is broken'));
  const makeOlder = () =>
    source.query(
      `update outbox set created_at = created_at - interval '1 hour', publish_after = least(publish_after, now())`,
    );
  const row = async (id: string) => {
    const rows = await source.query<{ wait: number; parked: boolean; sweeps: number; attempts: number }[]>(
      `select case when isfinite(publish_after) then extract(epoch from publish_after - now())::float8 end as wait,
              not isfinite(publish_after) as parked, sweeps, attempts from outbox where id = $1`,
      [id],
    );
    return rows[0]!;
  };

  it('leaves a young row to the relay and publishes an old one, then waits before it does so again', async () => {
    const id = await append();
    expect(await sweeper.sweep()).toEqual({ published: 0, rung: [] });
    await makeOlder();
    expect(await sweeper.sweep()).toEqual({ published: 1, rung: [] });
    expect(published).toEqual([id]);
    expect(await sweeper.sweep()).toEqual({ published: 0, rung: [] });
  });

  it('goes on after an outage of days, however often a row was swept, and parks nothing for that', async () => {
    const id = await append();
    await source.query(`update outbox set publish_after = now(), sweeps = 100000 where id = $1`, [id]);
    await sweeper.sweep();
    expect(published).toEqual([id]);
    expect((await row(id)).wait).toBeLessThanOrEqual(30);
    await fail(id);
    expect(await row(id)).toMatchObject({ attempts: 1, parked: false });
  });

  it('rings for shares that nobody took, and writes nothing however many there are', async () => {
    const id = await share();
    expect(await sweeper.sweep()).toEqual({ published: 0, rung: [] });
    await makeOlder();
    expect(await sweeper.sweep()).toEqual({ published: 0, rung: ['shared'] });
    expect(await sweeper.sweep()).toEqual({ published: 0, rung: ['shared'] });
    expect([published, rings, (await row(id)).sweeps]).toEqual([[], 2, 0]);
  });

  it('publishes a share that failed by its id, so that it is tried apart from the others', async () => {
    const id = await share();
    await fail(id);
    await makeOlder();
    expect(await sweeper.sweep()).toEqual({ published: 1, rung: [] });
    expect([published, rings]).toEqual([[id], 0]);
  });

  it('leaves a row alone that failed six times', async () => {
    const id = await append();
    for (let tries = 1; tries <= 6; tries += 1) {
      expect(await row(id)).toMatchObject({ parked: false });
      await fail(id);
    }
    expect(await row(id)).toMatchObject({ attempts: 6, parked: true });
    await source.query(`update outbox set created_at = created_at - interval '1 day'`);
    expect(await sweeper.sweep()).toEqual({ published: 0, rung: [] });
  });
});
