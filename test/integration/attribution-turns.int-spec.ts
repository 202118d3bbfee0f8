import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { lockRedeemers } from '../../src/attribution/redeemer-lock.repository.js';
import { AttributionBench, redemption } from '../support/attribution-bench.js';
import {
  aRedemption,
  type Code,
  type Fact,
  type Programme,
  type Redeemer,
} from '../support/attribution-builders.js';
import { naiveRollups } from '../support/naive-rollups.js';
import { testDatabase } from '../support/test-database.js';

let server: Awaited<ReturnType<typeof testDatabase>>;
let bench: AttributionBench;
let other: AttributionBench;
let programme: Programme;
let gym: Redeemer;
let cafe: Redeemer;

beforeAll(async () => {
  // What cannot be attributed is logged as an error, here on purpose.
  Logger.overrideLogger(false);
  server = await testDatabase();
  [bench, other] = await Promise.all([AttributionBench.open(server.url), AttributionBench.open(server.url)]);
});

afterAll(async () => {
  await Promise.all([bench.close(), other.close()]);
  await server.drop();
});

beforeEach(async () => {
  await bench.forgetFacts();
  programme = await bench.programme();
  [gym, cafe] = programme.redeemers as [Redeemer, Redeemer];
});

const at = (redeemer: Redeemer): Fact => redemption(aRedemption(redeemer, redeemer.codes[0] as Code));
const some = (count: number, redeemer: Redeemer): Fact[] => Array.from({ length: count }, () => at(redeemer));

/** An upload: facts of one redeemer, so many to an outbox row. */
async function upload(facts: readonly Fact[], perRow: number): Promise<void> {
  for (let start = 0; start < facts.length; start += perRow)
    await bench.share(...facts.slice(start, start + perRow));
}

async function factsLeft(redeemer: Redeemer): Promise<number> {
  const row = await bench.database.read((tx) =>
    tx.row<{ facts: number }>(
      'select coalesce(sum(facts), 0)::int as facts from outbox where redeemer_partner_id = $1',
      [redeemer.id],
    ),
  );
  return row?.facts ?? 0;
}

describe('turns', () => {
  it('a live redemption waits for one turn of the partner whose upload goes on', async () => {
    const backlog = some(1_000, gym);
    await upload(backlog, 50);
    await bench.service.takeTurn(50);
    const live = at(cafe);
    await bench.share(live);

    let turns = 0;
    while ((await factsLeft(cafe)) > 0) {
      await bench.service.takeTurn(50);
      turns += 1;
    }

    expect(turns).toBeLessThanOrEqual(2);
    expect(await factsLeft(gym)).toBeGreaterThan(800);
    await bench.takeTurns();
    expect(await bench.rollups(programme)).toEqual(naiveRollups(programme, [...backlog, live]));
  });

  it('take the oldest rows first, and as many as make so many facts', async () => {
    await upload(some(7, gym), 3);
    expect(await bench.service.takeTurn(4)).toEqual({ kind: 'worked', redeemerId: gym.id, facts: 6 });
    expect(await bench.service.takeTurn(4)).toEqual({ kind: 'worked', redeemerId: gym.id, facts: 1 });
    expect(await bench.service.takeTurn(4)).toEqual({ kind: 'idle' });
  });

  it('a second worker takes another redeemer instead of waiting, and says when there is none', async () => {
    await upload([at(gym)], 1);
    await upload([at(cafe)], 1);
    await bench.database.transaction(async (tx) => {
      await lockRedeemers(tx, [gym.id]);
      expect(await other.service.takeTurn()).toEqual({ kind: 'worked', redeemerId: cafe.id, facts: 1 });
      expect(await other.service.takeTurn()).toEqual({ kind: 'busy' });
    });
    expect(await other.service.takeTurn()).toMatchObject({ redeemerId: gym.id });
    expect(await other.service.takeTurn()).toEqual({ kind: 'idle' });
  });

  it('two redeemers are worked on at the same time', async () => {
    await upload([at(gym)], 1);
    await upload([at(cafe)], 1);
    const worked: Promise<unknown>[] = [];
    await bench.database.separateTransaction(async (tx) => {
      // Both turns get as far as their first write of a rollup and no farther.
      await tx.execute('lock table campaign_daily in share mode');
      worked.push(bench.service.takeTurn(), other.service.takeTurn());
      const waiting = `select from pg_locks where relation = 'campaign_daily'::regclass and not granted`;
      while ((await tx.execute(waiting)) < 2) await sleep(20);
    });
    const turns = await Promise.all(worked);
    expect(turns).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ redeemerId: gym.id }),
        expect.objectContaining({ redeemerId: cafe.id }),
      ]),
    );
  });

  it('workers that take small turns at once agree with the facts', async () => {
    const facts = [...some(60, gym), ...some(60, cafe)].sort(() => 0.5 - Math.random());
    await upload(facts, 5);
    const work = async (worker: AttributionBench): Promise<void> => {
      while ((await worker.service.takeTurn(12)).kind !== 'idle');
    };
    await Promise.all([work(bench), work(bench), work(other), work(other)]);
    expect(await bench.rollups(programme)).toEqual(naiveRollups(programme, facts));
  });
});

describe('a fact that cannot be attributed', () => {
  /** Makes writing the contributions of these redemptions fail. */
  async function poison(...facts: Fact[]): Promise<void> {
    const ids = facts.map(({ fact }) => `'${'id' in fact ? fact.id : ''}'`);
    await bench.database.transaction(async (tx) => {
      await tx.execute(
        `create function refuse() returns trigger language plpgsql as $$ begin raise 'poison'; end $$`,
      );
      await tx.execute(
        `create trigger poison before insert on redemption_facts for each row
           when (new.redemption_id in (${ids.join(', ')})) execute function refuse()`,
      );
    });
  }

  const mend = () => bench.database.transaction((tx) => tx.execute('drop function if exists refuse cascade'));
  afterEach(mend);

  const marked = () =>
    bench.database.read((tx) =>
      tx.rows<{ id: string; facts: number; failure: string; attempts: number; parked: boolean }>(
        `select o.id, o.facts, o.failure, o.attempts, not isfinite(o.publish_after) as parked
           from outbox o where o.failure is not null`,
      ),
    );

  it('is set aside alone, and the others of its row and of its turn are done', async () => {
    const facts = some(120, gym);
    const [bad] = facts.splice(77, 1) as [Fact];
    await upload([...facts.slice(0, 40), bad, ...facts.slice(40)], 60);
    await poison(bad);

    await bench.takeTurns();

    expect(await bench.rollups(programme)).toEqual(naiveRollups(programme, facts));
    expect(await marked()).toMatchObject([
      { facts: 1, failure: expect.stringContaining('poison'), attempts: 1, parked: false },
    ]);
    expect(await bench.service.takeTurn()).toEqual({ kind: 'idle' });
  });

  it('is parked after some tries, stays with its reason, and is done once its cause is mended', async () => {
    const [bad, good] = [at(gym), at(gym)];
    await upload([bad], 1);
    await poison(bad);
    await bench.takeTurns();
    const [id = ''] = (await marked()).map((row) => row.id);
    for (let tries = 1; tries < 6; tries += 1) {
      expect(await marked()).toMatchObject([{ attempts: tries, parked: false }]);
      await bench.service.attribute([id]);
    }
    expect(await marked()).toMatchObject([
      { attempts: 6, parked: true, failure: expect.stringContaining('poison') },
    ]);
    await upload([good], 1);
    await bench.takeTurns();
    expect(await bench.rollups(programme)).toEqual(naiveRollups(programme, [good]));

    await mend();
    await bench.service.attribute([id]);
    expect(await marked()).toEqual([]);
    expect(await bench.rollups(programme)).toEqual(naiveRollups(programme, [bad, good]));
  });

  it('is not searched for when everything fails: few rows are set aside, and all are done once it works again', async () => {
    const facts = some(200, gym);
    await upload(facts, 20);
    await poison(...facts);
    await bench.takeTurns();
    expect((await marked()).length).toBeLessThan(40);
    await mend();
    for (const { id } of await marked()) await bench.service.attribute([id]);
    expect(await bench.rollups(programme)).toEqual(naiveRollups(programme, facts));
  });

  it('is not blamed for a database that goes away', async () => {
    const fact = at(gym);
    await upload([fact], 1);
    let turn: Promise<unknown> = Promise.resolve();
    await bench.database.separateTransaction(async (tx) => {
      await tx.execute('lock table campaign_daily in share mode');
      turn = other.service.takeTurn().catch((error: unknown) => error);
      const cut = `select pg_terminate_backend(l.pid) from pg_locks l
                    where l.relation = 'campaign_daily'::regclass and not l.granted`;
      while ((await tx.execute(cut)) === 0) await sleep(20);
    });
    expect(await turn).toMatchObject({ kind: 'operational' });
    expect([await marked(), await factsLeft(gym)]).toEqual([[], 1]);
    await bench.takeTurns();
    expect(await bench.rollups(programme)).toEqual(naiveRollups(programme, [fact]));
  });
});
