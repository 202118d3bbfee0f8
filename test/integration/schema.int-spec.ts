import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { expectCommitted } from '../support/committed-file.js';
import { dumpSchema } from '../support/dump-schema.js';
import { type TestDatabase, testDatabase } from '../support/test-database.js';

/** Tables that grow with redemptions. They are sharded by their first key column one day. */
const HOT_TABLES = [
  'codes',
  'offer_counters',
  'offer_day_counters',
  'offer_channel_counters',
  'customer_counters',
  'receipts',
  'channel_days',
  'guess_locks',
  'redemptions',
  'reservations',
  'reversals',
  'reversal_applications',
  'redemption_facts',
  'campaign_customers',
  'campaign_daily',
  'campaign_receipts_daily',
  'pair_customers',
  'campaign_pairs_daily',
  'campaign_clerks_daily',
  'pool_coupons',
  'issuances',
  'issuance_counters',
  'touches',
  'hold_out_customers',
  'hold_out_links',
];

describe('the schema', () => {
  let database: TestDatabase;
  let source: DataSource;
  let client: pg.Client;

  beforeAll(async () => {
    database = await testDatabase();
    source = await createDataSource(database.url).initialize();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client?.end();
    await source?.destroy();
    await database?.drop();
  });

  it('is the committed one (npm run schema:update writes it)', async () => {
    expectCommitted('migrations/schema.sql', await dumpSchema(client));
  });

  it('is the same after all migrations went down and up again', async () => {
    const before = await dumpSchema(client);
    for (let left = source.migrations.length; left > 0; left -= 1) await source.undoLastMigration();
    const { rows } = await client.query(
      `select tablename from pg_tables where schemaname = 'public' order by 1`,
    );
    expect(rows).toEqual([{ tablename: 'migrations' }]);
    await source.runMigrations();
    expect(await dumpSchema(client)).toBe(before);
  });

  it('leads every key of a table that grows with redemptions by the redeemer', async () => {
    const { rows } = await client.query<{ table: string; key: string; leads: boolean; contains: boolean }>(
      `select i.indrelid::regclass::text as table, i.indexrelid::regclass::text as key,
              bool_or(a.attname = 'redeemer_partner_id' and k.position = 1) as leads,
              bool_or(a.attname = 'redeemer_partner_id') as contains
         from pg_index i
         cross join unnest(i.indkey::int[]) with ordinality as k (attnum, position)
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where i.indisunique and i.indrelid::regclass::text = any($1)
        group by 1, 2 order by 1, 2`,
      [HOT_TABLES],
    );
    expect(new Set(rows.map((row) => row.table))).toEqual(new Set(HOT_TABLES));
    expect(rows.filter((row) => !row.leads)).toEqual([]);
  });

  it('has migrations whose times only grow, one change each', () => {
    const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    expect(files.filter((name) => !/^\d{13}-[a-z]+(-[a-z]+)+\.ts$/.test(name))).toEqual([]);
    expect(new Set(files.map((name) => name.slice(0, 13))).size).toBe(files.length);
    const listed = source.migrations.map((migration) => Number(migration.constructor.name.slice(-13)));
    expect(listed).toEqual([...files].sort().map((name) => Number(name.slice(0, 13))));
  });
});
