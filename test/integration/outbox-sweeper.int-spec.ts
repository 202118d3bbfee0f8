import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
  let database: TestDatabase;
  let source: DataSource;
  let db: Database;
  let sweeper: OutboxSweeper;

  beforeAll(async () => {
    database = await testDatabase();
    source = await createDataSource(database.url).initialize();
    db = new Database(source);
    const relay = new OutboxRelay();
    relay.register({ topic: 'work', publish: (ids) => Promise.resolve(void published.push(...ids)) });
    sweeper = new OutboxSweeper(db, relay);
  });

  afterAll(async () => {
    await source?.destroy();
    await database?.drop();
  });

  it('leaves a young row to the relay and publishes an old one, then waits before it does so again', async () => {
    const id = await db.transaction((tx) => outbox.append(tx, 'work', {}));
    expect(await sweeper.sweep()).toBe(0);
    await source.query(`update outbox set publish_after = now() where id = $1`, [id]);
    expect(await sweeper.sweep()).toBe(1);
    expect(published).toEqual([id]);
    expect(await sweeper.sweep()).toBe(0);
  });

  it('goes on after an outage of days, however often a row was swept', async () => {
    const id = await db.transaction((tx) => outbox.append(tx, 'work', {}));
    await source.query(`update outbox set publish_after = now(), sweeps = 100000 where id = $1`, [id]);
    await sweeper.sweep();
    expect(published).toContain(id);
    const [row] = await source.query<{ wait: number }[]>(
      `select extract(epoch from publish_after - now())::float8 as wait from outbox where id = $1`,
      [id],
    );
    expect(row!.wait).toBeLessThanOrEqual(30);
  });
});
