import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CLERK_CELL,
  CUSTOMER,
  DAILY,
  OF_RECEIPT,
  PAIR_CELL,
  PLACE,
} from '../../src/reconciliation/columns.sql.js';
import { COUNTED, ROLLUPS } from '../../src/reconciliation/sum-comparison.sql.js';
import { AttributionBench } from '../support/attribution-bench.js';
import type { Fact, Programme } from '../support/attribution-builders.js';
import { randomFacts } from '../support/random-facts.js';
import { reconcile } from '../support/reconciliation-bench.js';
import { testDatabase } from '../support/test-database.js';

const RUNS = 20;

let server: Awaited<ReturnType<typeof testDatabase>>;
let bench: AttributionBench;
let programme: Programme;

beforeAll(async () => {
  server = await testDatabase();
  bench = await AttributionBench.open(server.url);
  programme = await bench.programme();
});

afterAll(async () => {
  await bench.close();
  await server.drop();
});

/** Facts are recorded here without the days of their channels, which have a test of their own. */
const OF_ATTRIBUTION = [
  ...['pair_customers', 'campaign_pairs_daily', 'campaign_clerks_daily'],

  'redemption_facts',
  'campaign_customers',
  'campaign_daily',
  'campaign_receipts_daily',
];

async function differences(repairs = false) {
  const found = await reconcile(server.url, { repairs });
  return found.differences.filter(({ relation }) => OF_ATTRIBUTION.includes(relation));
}

async function deliver(facts: readonly Fact[], perRow: number): Promise<void> {
  for (let start = 0; start < facts.length; start += perRow)
    await bench.share(...facts.slice(start, start + perRow));
}

it('what workers keep is what the facts say, and facts that still wait in the outbox are no difference', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomFacts(programme, 14),
      fc.integer({ min: 1, max: 4 }),
      fc.nat({ max: 20 }),
      async (facts, perRow, done) => {
        await bench.forgetFacts();
        await deliver(facts.slice(0, done), perRow);
        await bench.takeTurns();
        await deliver(facts.slice(done), perRow);
        await bench.service.takeTurn(2);
        expect(await differences()).toEqual([]);
        await bench.takeTurns();
        expect(await differences()).toEqual([]);
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  );
}, 240_000);

interface Table {
  readonly name: string;
  readonly key: readonly string[];
  readonly figures: readonly string[];
}
const CELL = ['campaign_id', 'offer_id', 'placement_id', 'channel_id', 'day'];
const TABLES: readonly Table[] = [
  {
    name: 'redemption_facts',
    key: ['redemption_id'],
    figures: ['redemptions', 'discount', 'revenue', 'cost_of_goods', 'leakage'],
  },
  {
    name: 'campaign_customers',
    key: ['customer_id', 'campaign_id'],
    figures: ['new_customers', 'claimed_returning'],
  },
  {
    name: 'campaign_daily',
    key: CELL,
    figures: ['redemptions', 'refusals', 'discount', 'new_customers', 'gift_cost'],
  },
  {
    name: 'pair_customers',
    key: ['customer_id', 'campaign_id', 'issuer_partner_id'],
    figures: ['customers'],
  },
  { name: 'campaign_pairs_daily', key: PAIR_CELL, figures: ['customers'] },
  { name: 'campaign_clerks_daily', key: CLERK_CELL, figures: ['refusals', 'discount'] },
  {
    name: 'campaign_receipts_daily',
    key: ['campaign_id', 'grain', 'group_id', 'channel_id', 'day'],
    figures: ['promo_receipts', 'revenue', 'costed_revenue'],
  },
];

type Rows = Record<string, string | null>[];
const ask = (sql: string, params: unknown[] = []): Promise<Rows> =>
  bench.database.transaction((tx) => tx.rows(sql, params) as Promise<Rows>);

/** Everything that is kept, without rows of a rollup that say nothing. */
async function kept(): Promise<Rows[]> {
  return Promise.all([
    ask('select to_jsonb(f)::text as row from redemption_facts f order by 1'),
    ask('select to_jsonb(c)::text as row from campaign_customers c order by 1'),
    ask('select to_jsonb(c)::text as row from pair_customers c order by 1'),
    ask('select to_jsonb(d)::text as row from campaign_pairs_daily d where customers <> 0 order by 1'),
    ask(
      `select to_jsonb(d)::text as row from campaign_clerks_daily d where redemptions <> 0 or refusals <> 0 order by 1`,
    ),
    ask(`select to_jsonb(d)::text as row from campaign_daily d
          where redemptions <> 0 or refusals <> 0 or new_customers <> 0 or returning_customers <> 0 order by 1`),
    ask(
      `select to_jsonb(d)::text as row from campaign_receipts_daily d where promo_receipts <> 0 or revenue <> 0 order by 1`,
    ),
  ]);
}

const damage = fc.record({
  table: fc.constantFrom(...TABLES),
  row: fc.nat(),
  figure: fc.nat(),
  way: fc.constantFrom('raise', 'lower', 'delete', 'move'),
});

it('a cell that is damaged is named, it and no other, and repaired exactly', async () => {
  let damaged = 0;
  await fc.assert(
    fc.asyncProperty(randomFacts(programme, 12), damage, async (facts, { table, row, figure, way }) => {
      await bench.forgetFacts();
      await deliver(facts, 3);
      await bench.takeTurns();
      const before = await kept();
      const rows = await ask(
        `select redeemer_partner_id, ${table.key.join(', ')} from ${table.name} as t order by t::text`,
      );
      const victim = rows[row % rows.length];
      if (!victim) return;
      damaged += 1;
      const name = table.figures[figure % table.figures.length] ?? '';
      const isVictim = ['redeemer_partner_id', ...table.key]
        .map((column, at) => `${column} = $${at + 1}`)
        .join(' and ');
      const values = ['redeemer_partner_id', ...table.key].map((column) => victim[column]);
      const [{ old } = { old: null }] = await ask(
        `select ${name}::text as old from ${table.name} where ${isVictim}`,
        values,
      );
      const set = {
        raise: `${name} = ${name} + 7`,
        lower: `${name} = ${name} - 3`,
        move: `day = day + 400`,
        delete: '',
      }[way];
      await ask(
        way === 'delete'
          ? `delete from ${table.name} where ${isVictim}`
          : `update ${table.name} set ${set} where ${isVictim}`,
        values,
      );

      const found = await differences();
      // A row of a rollup that moved is a wrong one and a missing one; a row of zeros is worth as much as none.
      const isRollup = table.name.endsWith('_daily');
      const keys = found.map(({ key }) => key);
      const key = Object.fromEntries(table.key.map((column) => [column, victim[column]]));
      expect(new Set(found.map(({ relation }) => relation))).toEqual(new Set([table.name]));
      expect(keys).toContainEqual(key);
      expect(keys).toHaveLength(isRollup && way === 'move' ? 2 : 1);
      if (way === 'raise') {
        const [one] = found;
        expect([one?.stored?.[name], one?.expected?.[name]]).toEqual([String(BigInt(old ?? 0) + 7n), old]);
      }

      expect(await differences(true)).toEqual(found);
      expect(await kept()).toEqual(before);
      expect(await differences()).toEqual([]);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  expect(damaged).toBeGreaterThan(RUNS / 2);
}, 240_000);

it('every column of what is compared is compared', async () => {
  const compared: Record<string, string[]> = {
    redemption_facts: ['redemption_id', ...PLACE, ...DAILY, ...OF_RECEIPT],
    campaign_customers: ['customer_id', ...PLACE, ...CUSTOMER],
    pair_customers: ['customer_id', ...PAIR_CELL, 'customers'],
    ...Object.fromEntries(
      [...ROLLUPS, ...COUNTED].map(({ table, key, figures }) => [table, [...key, ...figures]]),
    ),
  };
  // What no fact says: totals that are put from outside, and what a code or a slot is.
  const given = ['redeemer_partner_id', 'slot', 'total_receipts', 'total_revenue', 'total_profit'];
  const { codes, ...others } = compared;
  expect(codes).toEqual(['id', 'uses']);
  for (const [table, columns] of Object.entries(others)) {
    const stored = await ask(
      'select column_name as name from information_schema.columns where table_name = $1',
      [table],
    );
    const names = stored.map(({ name }) => name ?? '').filter((name) => !given.includes(name));
    expect([table, ...names.sort()]).toEqual([table, ...columns.sort()]);
  }
});
