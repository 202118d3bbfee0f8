import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { CodeCommands } from '../../src/codes/code.commands.js';
import { type CodePairs, CodeReadModel } from '../../src/codes/code.read-model.js';
import { CounterCommands } from '../../src/codes/counter.commands.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { Tx } from '../../src/platform/database/tx.js';
import { buildCodeWord, buildCoupons, buildOffer, buildPartner, newId } from '../support/code-builders.js';
import { testDatabase } from '../support/test-database.js';

let server: Awaited<ReturnType<typeof testDatabase>>;
let source: DataSource;
let database: Database;
const codes = new CodeReadModel();
const commands = new CodeCommands();
const counters = new CounterCommands();

beforeAll(async () => {
  server = await testDatabase();
  source = await createDataSource(server.url).initialize();
  database = new Database(source);
}, 60_000);

afterAll(async () => {
  await source.destroy();
  await server.drop();
});

function pairs(partnerId: string, ...keys: string[]): CodePairs {
  return { partnerIds: keys.map(() => partnerId), keys };
}

describe('looking codes up', () => {
  it('finds the code that holds a key before and beside the one that lost it', async () => {
    const found = await database.transaction(async (tx) => {
      const offer = await buildOffer(tx);
      const past = await buildCodeWord(tx, offer, 'GYM10', {
        live: false,
        revokedAt: '2026-02-01T00:00:00Z',
      });
      const live = await buildCodeWord(tx, offer, 'GYM10', { maxRedemptions: 5 });
      const rows = await codes.lookup(tx, pairs(offer.redeemerPartnerId, 'GYM10', 'NONE'));
      return { past, live, rows };
    });
    expect(found.rows.map((row) => row.id).sort()).toEqual([found.past, found.live].sort());
    expect(found.rows.find((row) => row.live)).toMatchObject({
      id: found.live,
      kind: 'code_word',
      codeKey: 'GYM10',
      maxRedemptions: 5,
      uses: 0,
      startsAt: null,
      expiresAt: null,
      revokedAt: null,
    });
    expect(found.rows.find((row) => !row.live)?.revokedAt).toBe(Date.parse('2026-02-01T00:00:00Z'));
  });

  it('a coupon of a revoked batch is revoked', async () => {
    const [coupon] = await database.transaction(async (tx) => {
      const offer = await buildOffer(tx);
      const { batchId } = await buildCoupons(tx, offer, 3);
      await tx.execute(`update coupon_batches set revoked_at = '2026-03-01' where id = $1`, [batchId]);
      return codes.lockForDecision(tx, pairs(offer.redeemerPartnerId, 'K2'));
    });
    expect(coupon).toMatchObject({
      kind: 'coupon',
      codeKey: 'K2',
      revokedAt: Date.parse('2026-03-01T00:00:00Z'),
    });
  });

  it('a key that another redeemer takes is told apart from one that nobody takes', async () => {
    const { partner, foreign } = await database.transaction(async (tx) => {
      const partner = await buildPartner(tx);
      const other = await buildOffer(tx);
      await buildCodeWord(tx, other, 'THEIRS');
      await buildCodeWord(tx, other, 'GONE', { revokedAt: '2026-02-01' });
      return { partner, foreign: await codes.foreignKeys(tx, pairs(partner, 'THEIRS', 'GONE', 'NOBODYS')) };
    });
    expect(foreign).toEqual([{ redeemerPartnerId: partner, codeKey: 'THEIRS' }]);
  });

  it('each shape of coupons comes once per redeemer', async () => {
    const { offer, bare, shapes } = await database.transaction(async (tx) => {
      const offer = await buildOffer(tx);
      for (const prefix of ['A', 'B']) await buildCoupons(tx, offer, 1, prefix);
      await buildCoupons(tx, await buildOffer(tx, { redeemerPartnerId: offer.redeemerPartnerId }), 1, 'C');
      await tx.execute(
        `update coupon_batches set shape = '{"key":"A########"}' where redeemer_partner_id = $1 and pattern like 'C%'`,
        [offer.redeemerPartnerId],
      );
      const bare = await buildPartner(tx);
      return { offer, bare, shapes: await codes.couponShapes(tx, [offer.redeemerPartnerId, bare]) };
    });
    expect(
      shapes
        .get(offer.redeemerPartnerId)
        ?.map((shape) => shape.key)
        .sort(),
    ).toEqual(['A########', 'B########']);
    expect(shapes.get(bare)).toEqual([]);
  });

  it('coupons of a revoked batch count as issued if they had been fetched, those of a pool when they are', async () => {
    const { offer, issued } = await database.transaction(async (tx) => {
      const offer = await buildOffer(tx);
      await buildCoupons(tx, offer, 4, 'A');
      const fetched = await buildCoupons(tx, offer, 3, 'B');
      const mistaken = await buildCoupons(tx, offer, 2, 'C');
      const pool = await buildCoupons(tx, offer, 100, 'D');
      await tx.execute('update coupon_batches set handed_over_at = now() where id = $1', [fetched.batchId]);
      await tx.execute('update coupon_batches set revoked_at = now() where id = any($1)', [
        [fetched.batchId, mistaken.batchId],
      ]);
      await tx.execute('update coupon_batches set is_pool = true where id = $1', [pool.batchId]);
      await tx.execute(
        `insert into issuance_counters (redeemer_partner_id, offer_id, placement_id, slot, issued)
         values ($1, $2, $3, 0, 5), ($1, $2, $3, 1, 6)`,
        [offer.redeemerPartnerId, offer.id, offer.placementId],
      );
      return { offer, issued: await codes.couponsIssued(tx, offer.campaignId) };
    });
    // 4 + 3 fetched + 5 + 6 issued
    expect(issued).toEqual([{ offerId: offer.id, placementId: offer.placementId, coupons: 18n }]);
  });
});

describe('locking codes for a decision', () => {
  /** Runs a question of the read model but answers the plan of its statement. */
  async function planOf(ask: (tx: Tx) => Promise<unknown>, mode: string): Promise<string> {
    const client = new pg.Client(server.url);
    await client.connect();
    let plan = '';
    const explain = async (statement: { name: string; text: string; values: string[][] }) => {
      await client.query(`prepare plan_under_test (uuid[], text[]) as ${statement.text}`);
      const lists = statement.values.map((value) => client.escapeLiteral(`{${value.join(',')}}`)).join(', ');
      const answer = await client.query<{ 'QUERY PLAN': string }>(
        `explain execute plan_under_test (${lists})`,
      );
      plan = answer.rows.map((row) => row['QUERY PLAN']).join('\n');
      return { rows: [] };
    };
    try {
      await client.query(`set plan_cache_mode = ${mode}`);
      await ask(new Tx({ query: explain as unknown as pg.PoolClient['query'] }));
    } finally {
      await client.end();
    }
    return plan;
  }

  describe('among 100,000 coupons', () => {
    let redeemer: string;
    beforeAll(async () => {
      await database.transaction(async (tx) => {
        const offer = await buildOffer(tx);
        redeemer = offer.redeemerPartnerId;
        await buildCoupons(tx, offer, 100_000);
        await tx.execute('analyze codes');
      });
    }, 60_000);

    it.each(['force_generic_plan', 'force_custom_plan'])(
      'takes the partial indexes, reads no table through and sorts before it locks (%s)',
      async (mode) => {
        const asked = pairs(redeemer, ...Array.from({ length: 500 }, (_, index) => `K${index * 7}`));
        const plan = await planOf((tx) => codes.lockForDecision(tx, asked), mode);
        expect(plan).not.toMatch(/Seq Scan on codes/);
        expect(plan).toMatch(/Index Scan using codes_(live|foreign)_key on codes l/);
        expect(plan).toMatch(/(Index Scan using|Bitmap Index Scan on) codes_past_key/);
        expect(plan).toMatch(/Index Scan using codes_pkey on codes c_1/);
        expect(plan).toMatch(
          /CTE held\n +->  LockRows.*\n +->  Sort.*\n +Sort Key: c_1\.redeemer_partner_id, c_1\.id/,
        );
        expect(plan).toMatch(
          /CTE counted\n +->  LockRows.*\n(?:.*\n)*? +Sort Key: \w+\.redeemer_partner_id, \w+\.(offer_id|id)/,
        );
        expect(plan).toMatch(/(Unique|HashAggregate|Aggregate).*\n(?:.*\n)*? +->  CTE Scan on held/);
      },
    );
  });

  it('two batches that name the same codes in opposite order wait for each other', async () => {
    const offer = await database.transaction(async (tx) => {
      const built = await buildOffer(tx);
      await buildCoupons(tx, built, 200);
      return built;
    });
    const keys = Array.from({ length: 200 }, (_, index) => `K${index + 1}`);
    const claimAll = (order: string[]) =>
      database.transaction(async (tx) => {
        const locked = await codes.lockForDecision(tx, pairs(offer.redeemerPartnerId, ...order));
        const free = locked.filter((code) => code.uses === 0);
        await commands.claimUses(
          tx,
          free.map((code) => ({ ...code, codeId: code.id, uses: 1 })),
        );
        return free.length;
      });
    const claimed = await Promise.all([claimAll(keys), claimAll([...keys].reverse()), claimAll(keys)]);
    expect(claimed.sort((a, b) => a - b)).toEqual([0, 0, 200]);
  });

  it('a code that loses its key while a decision waits for it is still in the answer', async () => {
    const { offer, id } = await database.transaction(async (tx) => {
      const offer = await buildOffer(tx);
      return { offer, id: await buildCodeWord(tx, offer, 'RETAKEN') };
    });
    let waiting: Promise<{ id: string; live: boolean }[]> | undefined;
    await database.transaction(async (tx) => {
      await tx.execute('update codes set live = false where id = $1', [id]);
      waiting = database.separateTransaction((other) =>
        codes.lockForDecision(other, pairs(offer.redeemerPartnerId, 'RETAKEN')),
      );
      await untilBlocked(tx);
    });
    expect(await waiting).toMatchObject([{ id, live: false }]);
  });
});

async function untilBlocked(tx: Tx): Promise<void> {
  for (;;) {
    const row = await tx.row<{ blocked: boolean }>(
      `select exists (select from pg_locks l where not l.granted and pg_backend_pid() = any(pg_blocking_pids(l.pid))) as blocked`,
    );
    if (row?.blocked) return;
  }
}

describe('claiming uses', () => {
  it('refuses to pass the maximum of a code', async () => {
    const claim = database.transaction(async (tx) => {
      const offer = await buildOffer(tx);
      const codeId = await buildCodeWord(tx, offer, 'ONCE', { maxRedemptions: 1 });
      await commands.claimUses(tx, [{ redeemerPartnerId: offer.redeemerPartnerId, codeId, uses: 2 }]);
    });
    await expect(claim).rejects.toThrow(/codes_uses_within_maximum/);
  });

  it('gives back what was claimed and no more than that', async () => {
    await database.transaction(async (tx) => {
      const offer = await buildOffer(tx);
      const codeId = await buildCodeWord(tx, offer, 'TWICE');
      const uses = { redeemerPartnerId: offer.redeemerPartnerId, codeId };
      await commands.claimUses(tx, [{ ...uses, uses: 3 }]);
      await commands.releaseUses(tx, [{ ...uses, uses: 2 }]);
      expect(await codes.lookup(tx, pairs(offer.redeemerPartnerId, 'TWICE'))).toMatchObject([{ uses: 1 }]);
      await expect(commands.releaseUses(tx, [{ ...uses, uses: 2 }])).rejects.toMatchObject({
        kind: 'unexpected',
      });
    });
  });
});

describe('the counters of an offer', () => {
  async function keysOf(redeemerPartnerId: string, offerId: string) {
    const key = { redeemerPartnerId, offerId };
    return {
      offers: [key],
      offerDays: [{ ...key, day: '2026-06-01' }],
      offerChannels: [{ ...key, channelId: newId() }],
      customers: [{ ...key, customerId: newId() }],
    };
  }

  function plus(keys: Awaited<ReturnType<typeof keysOf>>, uses: number) {
    const spent = 100n * BigInt(uses);
    return {
      offers: keys.offers.map((key) => ({ ...key, uses, spent })),
      offerDays: keys.offerDays.map((key) => ({ ...key, uses, spent })),
      offerChannels: keys.offerChannels.map((key) => ({ ...key, uses, spent })),
      customers: keys.customers.map((key) => ({ ...key, uses, spent })),
    };
  }

  it('hold nothing before the first use and then what was taken and not given back', async () => {
    await database.transaction(async (tx) => {
      const offer = await buildOffer(tx);
      await buildCodeWord(tx, offer, 'COUNTED');
      await tx.execute('delete from offer_counters where offer_id = $1', [offer.id]);
      const keys = await keysOf(offer.redeemerPartnerId, offer.id);
      const asked = pairs(offer.redeemerPartnerId, 'COUNTED');
      const [{ customerId }, { channelId }] = [keys.customers[0]!, keys.offerChannels[0]!];
      const read = async () =>
        (
          await counters.read(tx, asked, {
            ...{ days: ['2026-06-01'], channelIds: [channelId], customerIds: [customerId] },
          })
        ).map(({ kind, detail, uses, spent }) => [kind, detail, uses, spent]);
      expect(await codes.lockForDecision(tx, asked)).toMatchObject([{ isCounted: false }]);
      await counters.make(tx, [offer.id]);
      expect(await codes.lockForDecision(tx, asked)).toMatchObject([{ isCounted: true }]);
      expect(await read()).toEqual([['offer', '', 0, '0']]);
      for (const taken of counters.take(tx, plus(keys, 3))) await taken;
      await counters.giveBack(tx, plus(keys, 1));
      expect(await read()).toEqual([
        ['offer', '', 2, '200'],
        ['day', '2026-06-01', 2, '200'],
        ['channel', channelId, 2, '200'],
        ['customer', customerId, 2, '0'],
      ]);
    });
  });

  it('of today are found without asking for today', async () => {
    await database.transaction(async (tx) => {
      const offer = await buildOffer(tx);
      await buildCodeWord(tx, offer, 'TODAY');
      const day = await tx.row<{ today: string }>('select current_date as today');
      const key = { redeemerPartnerId: offer.redeemerPartnerId, offerId: offer.id };
      const offerDays = [{ ...key, day: day!.today, uses: 4, spent: 0n }];
      const days = { offers: [], offerDays, offerChannels: [], customers: [] };
      for (const taken of counters.take(tx, days)) await taken;
      const asked = pairs(offer.redeemerPartnerId, 'TODAY');
      const nothing = { days: [], channelIds: [], customerIds: [] };
      const found = await counters.read(tx, asked, nothing);
      expect(found.filter(({ kind }) => kind === 'day')).toMatchObject([{ uses: 4 }]);
    });
  });

  it('never fall below zero', async () => {
    const giveBack = database.transaction(async (tx) => {
      const offer = await buildOffer(tx);
      const keys = await keysOf(offer.redeemerPartnerId, offer.id);
      for (const taken of counters.take(tx, plus(keys, 1))) await taken;
      await counters.giveBack(tx, plus(keys, 2));
    });
    await expect(giveBack).rejects.toMatchObject({ kind: 'unexpected', code: 'codes.counter-mismatch' });
  });
});
