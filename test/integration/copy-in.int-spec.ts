import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { copyFields } from '../../src/platform/database/copy-text.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { isUniqueViolation } from '../../src/platform/database/database-errors.js';
import type { Tx } from '../../src/platform/database/tx.js';
import { type TestDatabase, testDatabase } from '../support/test-database.js';

let server: TestDatabase;
let source: DataSource;
let database: Database;
let onlooker: DataSource;

beforeAll(async () => {
  server = await testDatabase();
  // One connection: whatever a broken COPY leaves behind, the next statement meets it.
  source = await createDataSource(server.url, { poolSize: 1 }).initialize();
  onlooker = await createDataSource(server.url, { poolSize: 1 }).initialize();
  database = new Database(source);
  await source.query('create table goods (id integer constraint goods_key primary key, name text)');
});

afterAll(async () => {
  await source?.destroy();
  await onlooker?.destroy();
  await server?.drop();
});

beforeEach(async () => {
  await onlooker.query('truncate goods');
});

const COPY = 'copy goods (id, name) from stdin';
const stored = async (): Promise<number> =>
  Number((await source.query<{ n: string }[]>('select count(*) as n from goods'))[0]?.n);
const copy = (blocks: Iterable<string>): Promise<number> =>
  database.transaction((tx) => tx.copyIn(COPY, blocks));

/** Blocks of 1,000 rows, about 50 KB each; `between` runs before a block is handed over. */
function* rows(blocks: number, between: (block: number) => void = () => undefined): Generator<string> {
  for (let block = 0; block < blocks; block += 1) {
    between(block);
    const ids = Array.from({ length: 1_000 }, (_, index) => block * 1_000 + index);
    yield ids.map((id) => `${copyFields([id, 'x'.repeat(50)])}\n`).join('');
  }
}

describe('copyIn', () => {
  it('stores all rows, whatever their text holds, and counts them', async () => {
    const awkward = ['tab\there', 'line\nbreak', '\\N', 'back\\slash', '"quoted", Ж 🎟', '', null];
    const lines = awkward.map((name, id) => `${copyFields([id, name])}\n`);
    expect(await copy(lines)).toBe(awkward.length);
    const found = await source.query<{ name: string | null }[]>('select name from goods order by id');
    expect(found.map(({ name }) => name)).toEqual(awkward);
  });

  it('takes no rows for an answer', async () => {
    expect(await copy([])).toBe(0);
  });

  it.each([
    ['the first row', 1, 0],
    ['a row in the middle of many', 60, 30_123],
  ])('fails as a whole when %s has a taken key, and the connection goes on', async (_, blocks, key) => {
    await source.query('insert into goods values ($1)', [key]);
    const error: unknown = await copy(rows(blocks)).catch((reason: unknown) => reason);
    expect(isUniqueViolation(error, 'goods_key')).toBe(true);
    expect(isUniqueViolation(error, 'another_key')).toBe(false);
    expect(await stored()).toBe(1);
    expect(await copy(['999999\tx\n'])).toBe(1);
  });

  it('fails as a whole when the rows cannot be made to the end', async () => {
    const failing = rows(20, (block) => {
      if (block === 10) throw new Error('no more');
    });
    await expect(copy(failing)).rejects.toThrow('no more');
    expect(await stored()).toBe(0);
  });

  it('says that the database is away when the connection breaks, and the next one works', async () => {
    const cutOff = async function* (): AsyncGenerator<string> {
      yield* rows(5);
      await onlooker.query(TERMINATE_COPY);
      yield* rows(5);
    };
    const cut = (tx: Tx): Promise<number> => tx.copyIn(COPY, cutOff());
    await expect(database.transaction(cut)).rejects.toMatchObject({ code: 'service.unavailable' });
    expect(await stored()).toBe(0);
  });

  it('asks for no more rows than the connection takes', async () => {
    let asked = 0;
    const blocked = onlooker.createQueryRunner();
    await blocked.startTransaction();
    await blocked.query('lock table goods in access exclusive mode');
    const copying = copy(rows(200, () => (asked += 1)));
    while (!(await hasWaiting(blocked))) continue;
    expect(asked).toBeLessThan(10);
    await blocked.rollbackTransaction();
    await blocked.release();
    expect(await copying).toBe(200_000);
    expect(asked).toBe(200);
  });
});

const TERMINATE_COPY = `select pg_terminate_backend(a.pid) from pg_stat_activity a
  where a.datname = current_database() and a.query like 'copy goods%' and a.pid <> pg_backend_pid()`;

async function hasWaiting(runner: { query(sql: string): Promise<{ waits: boolean }[]> }): Promise<boolean> {
  const answer = await runner.query(
    `select exists (select from pg_locks l where not l.granted and l.relation = 'goods'::regclass) as waits`,
  );
  return answer[0]?.waits === true;
}
