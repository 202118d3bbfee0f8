import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { DataSource } from 'typeorm';
import { CampaignReadModel } from '../../src/campaigns/campaign.read-model.js';
import { CodeConditionsCheck } from '../../src/codes/code-conditions.js';
import { type CouponBatch, CouponBatchRepository } from '../../src/codes/coupon-batch.repository.js';
import { CouponBatchesService } from '../../src/codes/coupon-batches.service.js';
import { hasValidCheck } from '../../src/codes/domain/check-character.js';
import { codeKey } from '../../src/codes/domain/code-key.js';
import { COUPONS_TOPIC } from '../../src/codes/generate-coupons.job.js';
import { GenerateCouponsService } from '../../src/codes/generate-coupons.service.js';
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
import { buildChannel, buildOffer, type BuiltOffer, newId } from '../support/code-builders.js';
import { OPERATOR } from '../support/partner-builders.js';
import { type TestDatabase, testDatabase } from '../support/test-database.js';

/** Breaks off in the middle of a chunk: after its coupons were stored and before it commits. */
class BreakingRepository extends CouponBatchRepository {
  breakAtChunk = Infinity;
  private chunks = 0;

  override async insertCoupons(...step: Parameters<CouponBatchRepository['insertCoupons']>): Promise<number> {
    const stored = await super.insertCoupons(...step);
    this.chunks += 1;
    if (this.chunks === this.breakAtChunk) throw new Error('power cut');
    return stored;
  }
}

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
  batches = new CouponBatchesService(database, access, repository, partners);
});

afterAll(async () => {
  await source.destroy();
  await server.drop();
});

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
  it('of 20,000 goes on after a power cut in the middle, without a gap and without a duplicate', async () => {
    const { id } = await order(await offerOf(), { quantity: 20_000 });
    const outboxId = (await outboxIdOf(id)) ?? '';
    const breaking = new BreakingRepository();
    breaking.breakAtChunk = 3;
    await expect(worker(breaking).generate(outboxId, never)).rejects.toThrow('power cut');
    expect(await find(id)).toMatchObject({ generated: 10_000, status: 'generating', finishedAt: null });
    expect(await csvOf(id)).toHaveLength(10_000);
    await worker().generate(outboxId, never);
    await expectComplete(id, 20_000);
  }, 60_000);

  it('stops when the process stops, and the row stays for the sweeper', async () => {
    const { id } = await order(await offerOf(), { quantity: 10_000 });
    const outboxId = (await outboxIdOf(id)) ?? '';
    const stopping = new AbortController();
    const repository = new (class extends CouponBatchRepository {
      override saveProgress(...step: Parameters<CouponBatchRepository['saveProgress']>): Promise<void> {
        stopping.abort();
        return super.saveProgress(...step);
      }
    })();
    await worker(repository).generate(outboxId, stopping.signal);
    expect(await find(id)).toMatchObject({ generated: 5_000, status: 'generating' });
    expect(await outboxIdOf(id)).toBe(outboxId);
  }, 60_000);

  it('never makes more than ordered, however many workers make it', async () => {
    const { id } = await order(await offerOf(), { quantity: 12_345 });
    const outboxId = (await outboxIdOf(id)) ?? '';
    await Promise.all(Array.from({ length: 4 }, () => worker().generate(outboxId, never)));
    // Workers that met each other left; whoever was last finished it.
    await worker().generate(outboxId, never);
    await expectComplete(id, 12_345);
  }, 60_000);

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

describe('a revoked batch', () => {
  it('gets no more coupons', async () => {
    const { id } = await order(await offerOf(), { quantity: 10_000 });
    const outboxId = (await outboxIdOf(id)) ?? '';
    const breaking = new BreakingRepository();
    breaking.breakAtChunk = 2;
    await expect(worker(breaking).generate(outboxId, never)).rejects.toThrow('power cut');
    await batches.revoke(OPERATOR, id);
    const { revokedAt } = await find(id);
    await worker().generate(outboxId, never);
    await batches.revoke(OPERATOR, id);
    expect(await find(id)).toMatchObject({ generated: 5_000, status: 'failed', revokedAt });
    expect(await outboxIdOf(id)).toBeUndefined();
  }, 60_000);
});

describe('the list of coupons', () => {
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
