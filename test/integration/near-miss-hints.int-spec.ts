import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { LiveCodeWords } from '../../src/codes/live-code-words.read-model.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import type { Tx } from '../../src/platform/database/tx.js';
import { NearMissHints } from '../../src/redemptions/near-miss-hints.js';
import { buildCodeWord, buildCoupons, buildOffer, buildPartner } from '../support/code-builders.js';
import { ShiftedClock } from '../support/partner-builders.js';
import { testDatabase } from '../support/test-database.js';

/** Counts how often the words are read, and can fail. */
class CountedWords extends LiveCodeWords {
  reads = 0;
  isBroken = false;

  override async ofRedeemer(...question: Parameters<LiveCodeWords['ofRedeemer']>) {
    this.reads += 1;
    if (this.isBroken) throw new Error('the database is away');
    return super.ofRedeemer(...question);
  }
}

let server: Awaited<ReturnType<typeof testDatabase>>;
let source: DataSource;
let database: Database;

beforeAll(async () => {
  server = await testDatabase();
  source = await createDataSource(server.url).initialize();
  database = new Database(source);
}, 60_000);

afterAll(async () => {
  await source?.destroy();
  await server?.drop();
});

const wordsOf = async (redeemerPartnerId: string, limit = 100): Promise<string[]> =>
  (await database.read((tx) => new LiveCodeWords().ofRedeemer(tx, redeemerPartnerId, limit))).map(
    (one) => one.word,
  );

/** A redeemer with one live word, and whatever `also` makes for it. */
async function redeemerWith(also: (tx: Tx, redeemerPartnerId: string) => Promise<unknown>): Promise<string> {
  return database.transaction(async (tx) => {
    const redeemerPartnerId = await buildPartner(tx);
    await buildCodeWord(tx, await buildOffer(tx, { redeemerPartnerId }), 'GYM10');
    await also(tx, redeemerPartnerId);
    return redeemerPartnerId;
  });
}

function setUp() {
  const [clock, words] = [new ShiftedClock(), new CountedWords()];
  return { clock, words, hints: new NearMissHints(database, words, clock) };
}

describe('the words that may be named', () => {
  it('are those of the redeemer alone, newest first, and never coupons', async () => {
    const redeemer = await redeemerWith(async (tx, redeemerPartnerId) => {
      const offer = await buildOffer(tx, { redeemerPartnerId });
      await buildCodeWord(tx, offer, 'CAFE5');
      await buildCoupons(tx, offer, 3);
      await buildCodeWord(tx, await buildOffer(tx, { issuerPartnerId: redeemerPartnerId }), 'THEIRS');
    });
    expect(await wordsOf(redeemer)).toEqual(['CAFE5', 'GYM10']);
    expect(await wordsOf(redeemer, 1)).toEqual(['CAFE5']);
  });

  it.each<[string, (tx: Tx, redeemerPartnerId: string) => Promise<unknown>]>([
    [
      'was revoked',
      async (tx, redeemerPartnerId) =>
        buildCodeWord(tx, await buildOffer(tx, { redeemerPartnerId }), 'GONE', { revokedAt: '2026-02-01' }),
    ],
    [
      'lost its key',
      async (tx, redeemerPartnerId) =>
        buildCodeWord(tx, await buildOffer(tx, { redeemerPartnerId }), 'PAST', { live: false }),
    ],
    [
      'has expired',
      async (tx, redeemerPartnerId) => {
        const id = await buildCodeWord(tx, await buildOffer(tx, { redeemerPartnerId }), 'LATE');
        await tx.execute(`update codes set expires_at = now() where id = $1`, [id]);
      },
    ],
    [
      'has not started',
      async (tx, redeemerPartnerId) => {
        const id = await buildCodeWord(tx, await buildOffer(tx, { redeemerPartnerId }), 'EARLY');
        await tx.execute(`update codes set starts_at = now() + interval '1 hour' where id = $1`, [id]);
      },
    ],
    [
      'is of a campaign that nobody approved',
      async (tx, redeemerPartnerId) =>
        buildCodeWord(tx, await buildOffer(tx, { redeemerPartnerId, approved: false }), 'DRAFT'),
    ],
    [
      'is of a campaign that is over',
      async (tx, redeemerPartnerId) =>
        buildCodeWord(
          tx,
          await buildOffer(tx, { redeemerPartnerId, redeemBefore: '2026-01-02T00:00:00Z' }),
          'OVER',
        ),
    ],
    [
      'is of a campaign that has not started',
      async (tx, redeemerPartnerId) => {
        const offer = await buildOffer(tx, { redeemerPartnerId });
        await buildCodeWord(tx, offer, 'COMING');
        await tx.execute(
          `update campaign_terms set starts_at = now() + interval '1 hour' where campaign_id = $1`,
          [offer.campaignId],
        );
      },
    ],
    [
      'is of a campaign that was ended',
      async (tx, redeemerPartnerId) => {
        const offer = await buildOffer(tx, { redeemerPartnerId });
        await buildCodeWord(tx, offer, 'ENDED');
        await tx.execute(`update campaigns set ended_at = now() where id = $1`, [offer.campaignId]);
      },
    ],
    [
      'is of a campaign that is paused',
      async (tx, redeemerPartnerId) => {
        const offer = await buildOffer(tx, { redeemerPartnerId });
        await buildCodeWord(tx, offer, 'PAUSED');
        await tx.execute(`insert into campaign_pauses (campaign_id, paused_at) values ($1, now())`, [
          offer.campaignId,
        ]);
      },
    ],
  ])('are without one that %s', async (_, also) => {
    expect(await wordsOf(await redeemerWith(also))).toEqual(['GYM10']);
  });

  it('are with one whose campaign was paused and goes on', async () => {
    const redeemer = await redeemerWith(async (tx, redeemerPartnerId) => {
      const offer = await buildOffer(tx, { redeemerPartnerId });
      await buildCodeWord(tx, offer, 'RESUMED');
      await tx.execute(
        `insert into campaign_pauses (campaign_id, paused_at, resumed_at) values ($1, now() - interval '1 hour', now())`,
        [offer.campaignId],
      );
    });
    expect(await wordsOf(redeemer)).toEqual(['RESUMED', 'GYM10']);
  });

  it('are found by an index of their own, past any number of coupons', async () => {
    const plan = await database.transaction(async (tx) => {
      await tx.execute('set local enable_seqscan = off');
      return tx.rows<{ 'QUERY PLAN': string }>(
        `explain select c.display from codes c
          where c.redeemer_partner_id = $1 and c.kind = 'code_word' and c.live order by c.id desc limit 10`,
        ['018f0000-0000-7000-8000-000000000000'],
      );
    });
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('codes_live_words');
  });
});

describe('hints', () => {
  it('read the words of a redeemer once in half a minute, however much is guessed', async () => {
    const { clock, words, hints } = setUp();
    const redeemer = await redeemerWith(() => Promise.resolve());
    const guesses = Array.from({ length: 200 }, (_, guess) => hints.hintFor(redeemer, `GUESS${guess}`));
    expect(await Promise.all([...guesses, hints.hintFor(redeemer, 'GYM1')])).toContain('GYM10');
    expect(words.reads).toBe(1);
    clock.aheadMs += 30_000;
    await hints.hintFor(redeemer, 'GYM1');
    expect(words.reads).toBe(2);
  });

  it('are not worth a failed answer, and a database in trouble is left alone for a while', async () => {
    const { clock, words, hints } = setUp();
    const redeemer = await redeemerWith(() => Promise.resolve());
    words.isBroken = true;
    expect(await hints.hintFor(redeemer, 'GYM1')).toBeUndefined();
    words.isBroken = false;
    expect(await hints.hintFor(redeemer, 'GYM1')).toBeUndefined();
    expect(words.reads).toBe(1);
    clock.aheadMs += 30_000;
    expect(await hints.hintFor(redeemer, 'GYM1')).toBe('GYM10');
  });
});
