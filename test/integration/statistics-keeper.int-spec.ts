import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { StatisticsKeeper } from '../../src/platform/database/statistics-keeper.js';
import { eventually } from '../support/eventually.js';
import { type TestDatabase, testDatabase } from '../support/test-database.js';

describe('the keeper of statistics', () => {
  let database: TestDatabase;
  let source: DataSource;
  let keeper: StatisticsKeeper;

  beforeAll(async () => {
    database = await testDatabase();
    source = await createDataSource(database.url).initialize();
    keeper = new StatisticsKeeper(new Database(source));
  });

  afterAll(async () => {
    await source?.destroy();
    await database?.drop();
  });

  const grow = (rows: number): Promise<unknown> =>
    source.query(
      `insert into outbox (id, topic, payload) select gen_random_uuid(), 'none', '{}' from generate_series(1, $1)`,
      [rows],
    );
  // PostgreSQL reports what a connection changed with up to a second of delay.
  const analyzesOutbox = (): Promise<void> =>
    eventually(async () => (await keeper.refresh()).includes('public.outbox'), 10_000);

  it('analyzes a table that has more than doubled, and leaves it alone until it has doubled again', async () => {
    await grow(1_000);
    await analyzesOutbox();
    await grow(600);
    for (let turn = 0; turn < 3; turn += 1) expect(await keeper.refresh()).not.toContain('public.outbox');
    await grow(600);
    await analyzesOutbox();
  });
});
