import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { AttributionBench, redemption } from '../support/attribution-bench.js';
import { aRedemption, type Code, type Redeemer } from '../support/attribution-builders.js';
import { eventually } from '../support/eventually.js';
import { reconcile } from '../support/reconciliation-bench.js';
import { reconcileProcess } from '../support/reconcile-process.js';
import { testDatabase } from '../support/test-database.js';
import { testProcess } from '../support/test-process.js';

let server: Awaited<ReturnType<typeof testDatabase>>;
let bench: AttributionBench;
let client: pg.Client;

beforeAll(async () => {
  server = await testDatabase();
  bench = await AttributionBench.open(server.url);
  client = new pg.Client({ connectionString: server.url });
  await client.connect();
  const programme = await bench.programme();
  const redeemer = programme.redeemers[0] as Redeemer;
  const sales = Array.from({ length: 600 }, () =>
    redemption(aRedemption(redeemer, redeemer.codes[0] as Code)),
  );
  await bench.share(...sales);
  await bench.takeTurns();
}, 120_000);

afterAll(async () => {
  await client.end();
  await bench.close();
  await server.drop();
});

const run = (...words: string[]) => reconcileProcess({ DATABASE_URL: server.url }, ...words).end;

describe('npm run reconcile', () => {
  beforeEach(async () => {
    await reconcile(server.url, { repairs: true, chunk: 10_000 });
  });

  it('says that all is equal and ends with 0', async () => {
    const { code, output } = await run();
    expect(output).toContain('Everything is what the facts say');
    expect(code).toBe(0);
  });

  it('names what differs, changes nothing and ends with 1', async () => {
    await client.query(`update campaign_daily set discount = discount - 77 where redemptions > 0`);
    for (const { code, output } of await Promise.all([run(), run()])) {
      expect(output).toMatch(
        /campaign_daily {2}campaign .*, day 2026-06-01\n.*discount {2}stored 599923 .* recomputed 600000/,
      );
      expect(code).toBe(1);
    }
  });

  it('repairs what differs, says so and ends with 1, and with 0 the next time', async () => {
    await client.query(
      `update codes set uses = 3 where id = (select min(code_id::text)::uuid from redemptions)`,
    );
    const { code, output } = await run('--repair');
    expect(output).toContain('1 repaired, 0 left');
    expect(code).toBe(1);
    expect((await run()).code).toBe(0);
  });

  it('that is killed in the middle of a repair leaves nothing that the next one does not finish', async () => {
    await client.query('update redemption_facts set discount = discount + 1, revenue = 0');
    await client.query(
      'update codes set uses = 3 where id = (select min(code_id::text)::uuid from redemptions)',
    );
    const wrong = async (): Promise<number> =>
      Number(
        (await client.query<{ n: string }>('select count(*) as n from redemption_facts where revenue = 0'))
          .rows[0]?.n,
      );
    const till = new pg.Client({ connectionString: server.url });
    await till.connect();
    try {
      await till.query('begin; select from codes for update');
      const repair = reconcileProcess({ DATABASE_URL: server.url }, '--repair');
      await eventually(async () => (await waitingRepairs()) > 0, 60_000);
      expect(await wrong()).toBe(0);
      repair.child.kill('SIGKILL');
      await repair.end;
    } finally {
      await till.end();
    }
    await client.query('update redemption_facts set revenue = 0 where random() < 0.1');
    await eventually(async () => (await openRepairs()) === 0, 60_000);
    expect((await run('--repair')).output).toMatch(/[1-9]\d* repaired, 0 left/);
    expect(await wrong()).toBe(0);
    expect((await run()).code).toBe(0);
  });

  it('lets one repair at a time run, and ends with 2 when it is the other', async () => {
    await client.query('select pg_advisory_lock(7263340)');
    try {
      expect(await run('--repair')).toMatchObject({
        code: 2,
        output: expect.stringContaining('Another repair') as unknown,
      });
      expect((await run()).code).toBe(0);
    } finally {
      await client.query('select pg_advisory_unlock(7263340)');
    }
  });

  it.each([[['--fix']], [['--campaign', 'summer']]])(
    'ends with 2 when it is not to be understood: %j',
    async (words) => {
      expect(await run(...words)).toMatchObject({
        code: 2,
        output: expect.stringContaining('Usage') as unknown,
      });
    },
  );

  it('ends with 2 and a sentence when the database is away', async () => {
    const nowhere = { DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/tandem' };
    const { code, output } = await reconcileProcess(nowhere).end;
    expect(code).toBe(2);
    expect(output).not.toContain('    at ');
  });
});

async function repairs(where: string): Promise<number> {
  const { rows } = await client.query<{ n: string }>(
    `select count(*) as n from pg_stat_activity
      where application_name = 'tandem reconcile' and datname = current_database() and ${where}`,
  );
  return Number(rows[0]?.n);
}
const waitingRepairs = (): Promise<number> => repairs(`wait_event_type = 'Lock'`);
const openRepairs = (): Promise<number> => repairs('true');

describe('on the embedded PostgreSQL npm run reconcile', () => {
  const folder = join(tmpdir(), `tandem-reconcile-${randomBytes(6).toString('hex')}`);
  afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

  it('ends with 2 where there is no database, and makes none', async () => {
    expect(await reconcileProcess({ DATA_DIR: folder }).end).toMatchObject({ code: 2 });
    expect(await reconcileProcess({ DATA_DIR: folder }).end).toMatchObject({
      output: expect.stringContaining('There is no database') as unknown,
    });
  });

  it('uses the server of a Tandem that runs, and one of its own when none runs', async () => {
    const tandem = await testProcess({ DATA_DIR: folder });
    try {
      expect(await reconcileProcess({ DATA_DIR: folder }).end).toMatchObject({ code: 0 });
      expect((await fetch(`${tandem.url}/health/ready`)).status).toBe(200);
    } finally {
      await tandem.stop();
    }
    expect(await reconcileProcess({ DATA_DIR: folder }).end).toMatchObject({ code: 0 });
    expect(await reconcileProcess({ DATA_DIR: folder }).end).toMatchObject({ code: 0 });
  }, 180_000);
});
