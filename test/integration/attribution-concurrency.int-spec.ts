import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { mergeRefs } from '../../src/attribution/domain/merge-refs.js';
import { lockRedeemers } from '../../src/attribution/redeemer-lock.repository.js';
import { Tx } from '../../src/platform/database/tx.js';
import {
  AttributionBench,
  receipt,
  redemption,
  reversal,
  waitingReversal,
} from '../support/attribution-bench.js';
import {
  aReceipt,
  aRedemption,
  aReversal,
  aWaitingReversal,
  type Code,
  type Fact,
  newId,
  noon,
  type Programme,
  type Redeemer,
  refsOf,
} from '../support/attribution-builders.js';
import { naiveRollups } from '../support/naive-rollups.js';
import { testDatabase } from '../support/test-database.js';

let server: Awaited<ReturnType<typeof testDatabase>>;
let bench: AttributionBench;
let other: AttributionBench;

beforeAll(async () => {
  server = await testDatabase();
  [bench, other] = await Promise.all([AttributionBench.open(server.url), AttributionBench.open(server.url)]);
});

afterAll(async () => {
  await Promise.all([bench.close(), other.close()]);
  await server.drop();
});

describe('several workers', () => {
  it('workers that follow overlapping references at once agree with the facts', async () => {
    const programme = await bench.programme();
    const facts = busyWeek(programme);
    const rows: string[] = [];
    for (let start = 0; start < facts.length; start += 10) {
      const arrived = facts.slice(start, start + 10);
      rows.push(await bench.post(...arrived), await bench.name(...arrived, ...facts.slice(0, 5)));
    }
    const worked = rows.map((row, index) => (index % 2 ? bench : other).service.attribute([row]));
    const all = [bench.service.attribute(rows), other.service.attribute([...rows].reverse())];
    await Promise.all([...worked, ...all]);
    expect(await bench.waitingRows(rows)).toBe(0);
    expect(await bench.rollups(programme)).toEqual(naiveRollups(programme, facts));
  }, 60_000);

  it('a row that one worker holds is left alone by the other', async () => {
    const programme = await bench.programme();
    const [gym] = programme.redeemers as [Redeemer];
    const row = await bench.post(redemption(aRedemption(gym, gym.codes[0] as Code)));
    await bench.database.transaction(async (tx) => {
      await bench.outbox.take(tx, [row]);
      expect(await other.service.attribute([row])).toBe(0);
    });
    expect(await other.service.attribute([row])).toBe(1);
  });

  it('a worker waits until the redeemer is free', async () => {
    const programme = await bench.programme();
    const [gym, cafe] = programme.redeemers as [Redeemer, Redeemer];
    const atGym = await bench.post(redemption(aRedemption(gym, gym.codes[0] as Code)));
    const atCafe = await bench.post(redemption(aRedemption(cafe, cafe.codes[0] as Code)));
    let isDone = false;
    let waits: Promise<unknown> = Promise.resolve();
    await bench.database.transaction(async (tx) => {
      await lockRedeemers(tx, [gym.id]);
      waits = other.service.attribute([atGym]).then(() => (isDone = true));
      expect(await other.service.attribute([atCafe])).toBe(1);
      expect(isDone).toBe(false);
    });
    await waits;
    expect(isDone).toBe(true);
  });

  it('a fact that was being attributed without a rate when the rate was imported is converted all the same', async () => {
    const programme = await bench.programme();
    const [gym] = programme.redeemers as [Redeemer];
    const code = gym.codes[0] as Code;
    await bench.setCurrency(code.campaignId, 'JPY');
    const bought = aRedemption(gym, code);
    const fact = redemption(bought);
    const row = await bench.post(fact);
    let imported: Promise<void> = Promise.resolve();
    await bench.database.transaction(async (tx) => {
      await lockRedeemers(tx, [gym.id]);
      const refs = { redeemerId: gym.id, redemptions: [bought.id], reversals: [], receipts: [] };
      await bench.contributions.recompute(tx, refs);
      await bench.outbox.done(tx, [row]);
      imported = other.importRate({ base: 'EUR', quote: 'JPY', validFrom: '2026-06-01', rate: '160' });
      await untilSomeoneWaits(tx);
    });
    await imported;
    await other.takeTurns();
    const foreign = {
      currencies: new Map([[code.campaignId, 'JPY']]),
      rateOn: () => ({ base: 10n, quote: 16n }),
    };
    expect(await bench.rollups(programme)).toEqual(naiveRollups(programme, [fact], foreign));
  }, 60_000);

  it('a worker that loses a deadlock does its job after all', async () => {
    const programme = await bench.programme();
    const [gym] = programme.redeemers as [Redeemer];
    const fact = redemption(aRedemption(gym, gym.codes[0] as Code));
    const row = await bench.post(fact);
    let worked: Promise<number> = Promise.resolve(0);
    await bench.database.transaction(async (tx) => {
      // The worker is the one who notices and gives way: this transaction does not look for deadlocks before that.
      await tx.execute(`set local deadlock_timeout = '1min'`);
      await tx.execute('lock table campaign_daily in share mode');
      worked = other.service.attribute([row]);
      await untilSomeoneWaits(tx);
      await lockRedeemers(tx, [gym.id]);
    });
    expect(await worked).toBe(1);
    expect(await bench.rollups(programme)).toEqual(naiveRollups(programme, [fact]));
  }, 60_000);
});

it('a large job takes as many statements as a small one: what was reversed, missing rates, redemptions with receipts, customers, pairs', async () => {
  const programme = await bench.programme();
  const facts = busyWeek(programme);
  await bench.post(...facts);
  const atGym = facts.filter(({ fact }) => fact.redeemerPartnerId === programme.redeemers[0]?.id);
  const reversals = atGym.filter(({ kind }) => kind === 'waiting-reversal');
  expect(await statementsOf(reversals.slice(0, 1))).toBe(5);
  expect(await statementsOf(atGym)).toBe(5);
}, 60_000);

/** Redemptions of few customers on few receipts in both campaigns of both partners, some of them reversed, and receipts. */
function busyWeek(programme: Programme): Fact[] {
  const customers = [newId(), newId(), newId(), null];
  return programme.redeemers.flatMap((redeemer) =>
    redeemer.codes.flatMap((code, index) =>
      [0, 1, 2, 3, 4].flatMap((day) => {
        const customerId = customers[(index + day) % 4] ?? null;
        const visit = { customerId, occurredAt: noon(day) };
        const bought = aRedemption(redeemer, code, { ...visit, receiptNumber: `R${(index * day) % 7}` });
        const sold = aReceipt(redeemer, { ...visit, number: `R${index + day}` });
        const parts = [4_000n, 4_500n, 6_000n].map((amount) =>
          waitingReversal(aWaitingReversal(bought, amount)),
        );
        const undone =
          [
            [reversal(aReversal(bought))],
            [waitingReversal(aWaitingReversal(bought))],
            parts.slice(0, 2),
            parts,
          ][day] ?? [];
        return [redemption(bought), receipt(sold), ...undone];
      }),
    ),
  );
}

async function untilSomeoneWaits(tx: Tx): Promise<void> {
  const waiting = `select from pg_locks as l join pg_database as d on d.oid = l.database
                    where not l.granted and d.datname = current_database()`;
  while ((await tx.execute(waiting)) === 0) await sleep(10);
}

async function statementsOf(facts: readonly Fact[]): Promise<number> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  let statements = 0;
  const query = (sql: string, params: unknown[]) => {
    statements += 1;
    return client.query(sql, params);
  };
  try {
    const tx = new Tx({ query: query as pg.PoolClient['query'] });
    for (const refs of mergeRefs(facts.map(refsOf))) await bench.contributions.recompute(tx, refs);
  } finally {
    await client.end();
  }
  return statements;
}
