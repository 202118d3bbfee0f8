import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { DataSource } from 'typeorm';
import { CampaignReadModel } from '../../src/campaigns/campaign.read-model.js';
import { CodeConditionsCheck } from '../../src/codes/code-conditions.js';
import {
  type CouponBatch,
  CouponBatchRepository,
  type CouponDraft,
} from '../../src/codes/coupon-batch.repository.js';
import { CouponBatchesService } from '../../src/codes/coupon-batches.service.js';
import { hasValidCheck } from '../../src/codes/domain/check-character.js';
import { codeKey } from '../../src/codes/domain/code-key.js';
import { COUPONS_TOPIC } from '../../src/codes/generate-coupons.job.js';
import {
  COUPONS_PER_CHUNK as CHUNK,
  GenerateCouponsService,
} from '../../src/codes/generate-coupons.service.js';
import { OfferAccess } from '../../src/codes/offer-access.js';
import { type CouponOrder, OrderCouponsService } from '../../src/codes/order-coupons.service.js';
import { DEFAULT_PLACEMENT, PlacementRepository } from '../../src/codes/placement.repository.js';
import { PartnerReadModel } from '../../src/partners/partner.read-model.js';
import { Clock } from '../../src/platform/clock/clock.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import type { Tx } from '../../src/platform/database/tx.js';
import { Outbox } from '../../src/platform/outbox/outbox.js';
import { OutboxRelay } from '../../src/platform/outbox/outbox-relay.js';
import {
  buildChannel,
  buildCodeWord,
  buildCoupons,
  buildOffer,
  type BuiltOffer,
  newId,
} from '../support/code-builders.js';
import { OPERATOR } from '../support/partner-builders.js';
import { type TestDatabase, testDatabase } from '../support/test-database.js';

type Insert = Parameters<CouponBatchRepository['insertCoupons']>;

/** Breaks off in the middle of a chunk: after its coupons were stored and before it commits. */
class BreakingRepository extends CouponBatchRepository {
  private chunks = 0;

  constructor(
    private readonly breakAtChunk: number,
    private readonly breakOff: (tx: Tx) => Promise<unknown> = () => Promise.reject(new Error('power cut')),
  ) {
    super();
  }

  override async insertCoupons(...step: Insert): Promise<number> {
    const stored = await super.insertCoupons(...step);
    this.chunks += 1;
    if (this.chunks === this.breakAtChunk) await this.breakOff(step[0]);
    return stored;
  }
}

/** What PostgreSQL sees when the process dies: the connection is gone. */
const endConnection = (tx: Tx): Promise<unknown> => tx.rows('select pg_terminate_backend(pg_backend_pid())');

let server: TestDatabase;
let source: DataSource;
let database: Database;
let orders: OrderCouponsService;
let batches: CouponBatchesService;
const outbox = new Outbox(new Clock());
const never = new AbortController().signal;

beforeAll(async () => {
  server = await testDatabase();
  source = await createDataSource(server.url).initialize();
  database = new Database(source);
  const [clock, partners, repository] = [new Clock(), new PartnerReadModel(), new CouponBatchRepository()];
  const access = new OfferAccess(new CampaignReadModel());
  const conditions = new CodeConditionsCheck(partners, new PlacementRepository(), clock);
  orders = new OrderCouponsService(
    database,
    access,
    conditions,
    repository,
    outbox,
    new OutboxRelay(),
    clock,
  );
  batches = batchesOf(database);
});

afterAll(async () => {
  await source.destroy();
  await server.drop();
});

function batchesOf(of: Database, repository = new CouponBatchRepository()): CouponBatchesService {
  return new CouponBatchesService(
    of,
    new OfferAccess(new CampaignReadModel()),
    repository,
    new PartnerReadModel(),
  );
}

function worker(repository = new CouponBatchRepository()): GenerateCouponsService {
  return new GenerateCouponsService(database, outbox, repository, new Clock());
}

const offerOf = (): Promise<BuiltOffer> => database.transaction((tx) => buildOffer(tx));

function order(offer: BuiltOffer, fields: Partial<CouponOrder> = {}): Promise<CouponBatch> {
  const whole = { quantity: 1, pattern: null, placement: DEFAULT_PLACEMENT, startsOn: null, expiresOn: null };
  return orders.order(OPERATOR, offer.id, { ...whole, ...fields });
}

const find = (id: string): Promise<CouponBatch> => batches.find(OPERATOR, id);

/** The outbox row of a batch; undefined once it is done. */
const outboxIdOf = (batchId: string): Promise<string | undefined> =>
  database.read(async (tx) => {
    const row = await tx.row<{ id: string }>(
      `select id from outbox where topic = $1 and payload->>'batchId' = $2`,
      [COUPONS_TOPIC, batchId],
    );
    return row?.id;
  });

async function csvOf(batchId: string): Promise<{ code: string; expiresOn: string; placement: string }[]> {
  return parse(await text(await batches.export(OPERATOR, batchId)), { columns: true });
}

async function expectComplete(batchId: string, quantity: number): Promise<void> {
  expect(await find(batchId)).toMatchObject({ generated: quantity, status: 'done', failure: null });
  const codes = (await csvOf(batchId)).map((row) => row.code);
  expect(codes).toHaveLength(quantity);
  expect(new Set(codes).size).toBe(quantity);
  expect(await outboxIdOf(batchId)).toBeUndefined();
}

describe('making a batch', () => {
  it('goes on after a death in the middle of a chunk, without a gap and without a duplicate', async () => {
    const quantity = 2 * CHUNK + 1;
    const { id } = await order(await offerOf(), { quantity });
    const outboxId = (await outboxIdOf(id)) ?? '';
    const first = worker(new BreakingRepository(1)).generate(outboxId, never);
    await expect(first).rejects.toThrow('power cut');
    expect(await find(id)).toMatchObject({ generated: 0, status: 'queued' });
    const second = worker(new BreakingRepository(2, endConnection)).generate(outboxId, never);
    await expect(second).rejects.toMatchObject({ code: 'service.unavailable' });
    expect(await find(id)).toMatchObject({ generated: CHUNK, status: 'generating', finishedAt: null });
    expect(await csvOf(id)).toHaveLength(CHUNK);
    await worker().generate(outboxId, never);
    await expectComplete(id, quantity);
  }, 120_000);

  it('stops between two chunks when the process stops, and goes on when the sweeper brings the row back', async () => {
    const quantity = 2 * CHUNK;
    const { id } = await order(await offerOf(), { quantity });
    const outboxId = (await outboxIdOf(id)) ?? '';
    const stopping = new AbortController();
    const repository = new (class extends CouponBatchRepository {
      override saveProgress(...step: Parameters<CouponBatchRepository['saveProgress']>): Promise<void> {
        stopping.abort();
        return super.saveProgress(...step);
      }
    })();
    await worker(repository).generate(outboxId, stopping.signal);
    expect(await find(id)).toMatchObject({ generated: CHUNK, status: 'generating' });
    expect(await outboxIdOf(id)).toBe(outboxId);
    await worker().generate(outboxId, never);
    await expectComplete(id, quantity);
  }, 120_000);

  it('never makes more than ordered, however many workers make it', async () => {
    const quantity = 4 * CHUNK + 2_345;
    const { id } = await order(await offerOf(), { quantity });
    const outboxId = (await outboxIdOf(id)) ?? '';
    await Promise.all(Array.from({ length: 4 }, () => worker().generate(outboxId, never)));
    // Workers that met each other left; whoever was last finished it.
    await worker().generate(outboxId, never);
    await expectComplete(id, quantity);
  }, 120_000);

  it('gives coupons that can be typed back and have a valid check character', async () => {
    const { id } = await order(await offerOf(), { quantity: 50, pattern: 'Café-####-####-##' });
    await worker().generate((await outboxIdOf(id)) ?? '', never);
    const rows = await database.read((tx) =>
      tx.rows<{ key: string; display: string; max: number | null }>(
        'select code_key as key, display, max_redemptions as max from codes where batch_id = $1',
        [id],
      ),
    );
    expect(rows).toHaveLength(50);
    for (const { key, display, max } of rows) {
      expect(display).toMatch(/^Café-/);
      expect(codeKey(display)).toBe(key);
      expect(hasValidCheck(key)).toBe(true);
      expect(max).toBeNull();
    }
  });

  it('fails with the reason when the pattern has no free coupons left', async () => {
    const offer = await offerOf();
    const batchId = newId();
    const outboxId = await database.transaction(async (tx) => {
      await orderCrowded(tx, offer, batchId);
      return outbox.append(tx, COUPONS_TOPIC, { batchId });
    });
    await worker().generate(outboxId, never);
    const batch = await find(batchId);
    expect(batch.status).toBe('failed');
    expect(batch.failure).toMatch(/no free coupons left: \d+ of 30 were made/);
    expect(batch.generated).toBeLessThanOrEqual(23);
    expect(await csvOf(batchId)).toHaveLength(batch.generated);
    expect(await outboxIdOf(batchId)).toBeUndefined();
  });
});

/** What the API would refuse: 30 coupons of 23 possible ones. */
async function orderCrowded(tx: Tx, offer: BuiltOffer, id: string): Promise<void> {
  await new CouponBatchRepository().insert(tx, {
    id,
    redeemerPartnerId: offer.redeemerPartnerId,
    offerId: offer.id,
    quantity: 30,
    pattern: 'GYM-#',
    shape: { key: 'GYM##' },
    placement: { ...DEFAULT_PLACEMENT, id: offer.placementId },
    startsAt: null,
    expiresAt: null,
  });
}

describe('an order', () => {
  it('counts what other batches of the shape may still hold, so that they do not crowd it together', async () => {
    const offer = await offerOf();
    // 23^6 = 148,035,889 codes have room for 148 coupons at one hit in a million guesses.
    const { id } = await order(offer, { quantity: 100, pattern: 'GYM-######' });
    const another = () => order(offer, { quantity: 49, pattern: 'gym ######' });
    await expect(another()).rejects.toMatchObject({
      code: 'pattern.too-crowded',
      details: { errors: [{ pointer: '/pattern', detail: 'needs at least 7 #; this has 6' }] },
    });
    await batches.revoke(OPERATOR, id);
    await expect(another()).resolves.toMatchObject({ quantity: 49 });
  });

  it('of two that are placed at once only the one that fits is taken', async () => {
    const offer = await offerOf();
    const both = [1, 2].map(() => order(offer, { quantity: 100, pattern: 'SPA-######' }));
    const outcomes = (await Promise.allSettled(both)).map((outcome) => outcome.status).sort();
    expect(outcomes).toEqual(['fulfilled', 'rejected']);
  });

  it('that is refused leaves nothing behind', async () => {
    const offer = await offerOf();
    await expect(order(offer, { pattern: 'GYM' })).rejects.toMatchObject({ code: 'pattern.invalid' });
    const row = await database.read((tx) =>
      tx.row<{ n: string }>('select count(*) as n from coupon_batches where offer_id = $1', [offer.id]),
    );
    expect(row?.n).toBe('0');
  });
});

describe('a taken key', () => {
  const draft = (key: string): CouponDraft => ({ id: newId(), key, display: key });

  it('is passed over, whether a live code word has it or another coupon of the same chunk', async () => {
    const offer = await offerOf();
    const { id } = await order(offer, { quantity: 5 });
    await database.transaction((tx) => buildCodeWord(tx, offer, 'WORD'));
    await database.transaction((tx) => buildCodeWord(tx, offer, 'PAST', { live: false }));
    const drafts = ['TWIN', 'PAST', 'WORD', 'TWIN', 'FREE'].map(draft);
    const repository = new CouponBatchRepository();
    const batch = await find(id);
    const store = (): Promise<number> =>
      database.transaction((tx) => repository.insertCoupons(tx, batch, drafts));
    expect(await store()).toBe(3);
    expect(await store()).toBe(0);
    expect((await csvOf(id)).map(({ code }) => code).sort()).toEqual(['FREE', 'PAST', 'TWIN']);
  });

  it('that somebody takes between the look-up and the storing costs another try, not a coupon', async () => {
    const offer = await offerOf();
    const { id } = await order(offer, { quantity: 100 });
    const stolen: string[] = [];
    const steal = async (key: string): Promise<void> => {
      stolen.push(key);
      await database.separateTransaction((other) => buildCodeWord(other, offer, key));
    };
    const repository = new (class extends CouponBatchRepository {
      override insertCoupons(tx: Tx, batch: CouponBatch, drafts: readonly CouponDraft[]): Promise<number> {
        const raced = Object.create(tx) as Tx;
        raced.copyIn = async (...copy) => {
          // Twice somebody is faster; the third try meets nobody.
          if (stolen.length < 2) await steal(drafts[0]?.key ?? '');
          return tx.copyIn(...copy);
        };
        return super.insertCoupons(raced, batch, drafts);
      }
    })();
    await worker(repository).generate((await outboxIdOf(id)) ?? '', never);
    await expectComplete(id, 100);
    expect(stolen).toHaveLength(2);
    const keys = (await csvOf(id)).map(({ code }) => codeKey(code));
    expect(keys.filter((key) => stolen.includes(key))).toEqual([]);
  });
});

describe('a revoked batch', () => {
  it('gets no more coupons than it has when the revocation comes, in the middle of the work', async () => {
    const { id } = await order(await offerOf(), { quantity: 2 * CHUNK });
    const outboxId = (await outboxIdOf(id)) ?? '';
    let revoking: Promise<void> | undefined;
    const repository = new (class extends CouponBatchRepository {
      override async saveProgress(...step: Parameters<CouponBatchRepository['saveProgress']>): Promise<void> {
        await super.saveProgress(...step);
        // Another process: it waits for the chunk that is about to commit.
        revoking ??= batchesOf(new Database(source)).revoke(OPERATOR, id);
      }
      override async lock(
        ...step: Parameters<CouponBatchRepository['lock']>
      ): Promise<CouponBatch | undefined> {
        await revoking;
        return super.lock(...step);
      }
    })();
    await worker(repository).generate(outboxId, never);
    const batch = await find(id);
    expect(batch).toMatchObject({ generated: CHUNK, status: 'failed', revokedAt: expect.any(Date) });
    expect(await csvOf(id)).toHaveLength(CHUNK);
    expect(await outboxIdOf(id)).toBeUndefined();
    await batches.revoke(OPERATOR, id);
    expect(await find(id)).toEqual(batch);
  }, 120_000);
});

describe('the list of coupons', () => {
  it('is read page by page, as fast as it is taken and no faster', async () => {
    const coupons = 50_000;
    const { batchId } = await database.transaction(async (tx) =>
      buildCoupons(tx, await buildOffer(tx), coupons),
    );
    let pages = 0;
    const counting = new (class extends CouponBatchRepository {
      override couponsAfter(...page: Parameters<CouponBatchRepository['couponsAfter']>) {
        pages += 1;
        return super.couponsAfter(...page);
      }
    })();
    const stream = await batchesOf(database, counting).export(OPERATOR, batchId);
    const codes = new Set<string>();
    let chunks = 0;
    for await (const chunk of stream) {
      chunks += 1;
      // One page may be on its way and one be waiting while this one is being taken.
      expect(pages).toBeLessThanOrEqual(chunks + 2);
      for (const line of String(chunk).split('\r\n')) if (line !== '') codes.add(line);
    }
    expect(codes.size).toBe(coupons + 1);
    expect(pages).toBeGreaterThan(10);
  }, 60_000);

  it('says until when and where they are handed out', async () => {
    const offer = await offerOf();
    const channelId = await database.transaction((tx) => buildChannel(tx, offer.issuerPartnerId));
    const placement = { channelId, label: 'flyer' };
    const { id } = await order(offer, { quantity: 2, expiresOn: '2026-10-25', placement });
    await worker().generate((await outboxIdOf(id)) ?? '', never);
    for (const row of await csvOf(id)) {
      expect(row).toMatchObject({ expiresOn: '2026-10-25', placement: 'Till, flyer' });
    }
  });
});
