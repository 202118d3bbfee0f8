import { expect } from '@jest/globals';
import pg from 'pg';
import type { Cells } from '../support/naive-rollups.js';
import { eventually } from '../support/eventually.js';
import { checkAnswers } from './check-answers.js';
import { checkCounters } from './check-counters.js';
import type { GivenAnswers } from './given-answers.js';
import { backlog } from './progress.js';
import { recount, storedRollups } from './recount.js';
import type { World } from './world.js';

export interface OracleQuestion {
  readonly databaseUrl: string;
  readonly worlds: readonly World[];
  readonly given: GivenAnswers;
  /** How long the workers may take for what is left, from now on. */
  readonly drainedWithinMs?: number | undefined;
  /** What tills saw and should not have. */
  readonly wrongs?: readonly string[];
}

export interface OracleAnswer {
  /** How long the workers took for what was left. */
  readonly drainedMs: number;
  readonly redemptions: number;
  readonly accepted: number;
}

/**
 * What has to be true after every fault, whatever it was: all committed work is done; every item that was answered 2xx is in
 * PostgreSQL exactly once, in one terminal state and as answered; no limit is exceeded and counters equal the count of facts;
 * facts = rollups = report. Recounts from the facts, without the product's own code.
 */
export async function expectExact(question: OracleQuestion): Promise<OracleAnswer> {
  const { databaseUrl, worlds, given, drainedWithinMs = 90_000, wrongs = [] } = question;
  expect(wrongs.slice(0, 20)).toEqual([]);
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    const drainedMs = await drained(database, drainedWithinMs);
    const differences = [...(await checkAnswers(database, given)), ...(await checkCounters(database))];
    expect(differences.slice(0, 20)).toEqual([]);
    for (const world of worlds) {
      const expected = await recount(database, world.campaignId);
      expect(await storedRollups(database, world.campaignId)).toEqual(expected);
      expect(await reportedFigures(world)).toEqual(expectedFigures(expected.days, expected.receiptDays));
    }
    const { rows } = await database.query<{ redemptions: number; accepted: number }>(
      `select count(*)::int as redemptions, count(*) filter (where status = 'accepted')::int as accepted
         from redemptions`,
    );
    return { drainedMs, redemptions: 0, accepted: 0, ...rows[0] };
  } finally {
    await database.end();
  }
}

async function drained(database: pg.Client, withinMs: number): Promise<number> {
  const startedAt = performance.now();
  await eventually(async () => (await backlog(database)) === 0, withinMs);
  return performance.now() - startedAt;
}

async function reportedFigures({ issuer, campaignId }: World): Promise<Record<string, string | undefined>> {
  let figures: Readonly<Record<string, { readonly value?: string }>> = {};
  // What was hurt may have been mended a moment ago: whoever is told to come again does.
  await eventually(async () => {
    const { status, body } = await issuer.finance.get<{ figures: typeof figures }>(
      `/v1/campaigns/${campaignId}/report`,
    );
    if (status === 200) figures = body.figures;
    return status !== 503;
  }, 30_000);
  return Object.fromEntries(REPORTED.map((name) => [name, figures[name]?.value]));
}

const REPORTED = [
  ...['acceptedRedemptions', 'refusals', 'promoReceipts', 'revenue', 'discountGiven'],
  ...['newCustomers', 'returningCustomers', 'unknownCustomers'],
];

function expectedFigures(days: Cells, receiptDays: Cells): Record<string, string> {
  const receipts = Object.fromEntries(
    Object.entries(receiptDays).filter(([cell]) => cell.split(' ')[2] === 'campaign'),
  );
  const money = (minor: bigint): string => `${minor / 100n}.${(minor % 100n).toString().padStart(2, '0')}`;
  return {
    acceptedRedemptions: String(sum(days, 'redemptions')),
    refusals: String(sum(days, 'refusals')),
    promoReceipts: String(sum(receipts, 'promoReceipts')),
    revenue: money(sum(receipts, 'revenue')),
    discountGiven: money(sum(days, 'discount')),
    newCustomers: String(sum(days, 'newCustomers')),
    returningCustomers: String(sum(days, 'returningCustomers')),
    unknownCustomers: String(sum(days, 'unknownCustomers')),
  };
}

function sum(cells: Cells, figure: string): bigint {
  return Object.values(cells).reduce((total, figures) => total + (figures[figure] ?? 0n), 0n);
}
