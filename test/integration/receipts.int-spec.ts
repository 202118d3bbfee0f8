import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { customerIdentity } from '../../src/partners/customer-identity.js';
import type { PartnerPrincipal } from '../../src/platform/auth/principal.js';
import type { PostedReceipt, Receipt } from '../../src/receipts/domain/receipt.js';
import { contenders, type ReceiptResult } from '../../src/receipts/domain/settle-receipts.js';
import { eventually } from '../support/eventually.js';
import { buildReceipt, eurosOf, posOf, ReceiptsProcess } from '../support/receipt-builders.js';
import { testDatabase, type TestDatabase } from '../support/test-database.js';

const HOUR = 3_600_000;
const AT_ONCE = 20;

let database: TestDatabase;
let receipts: ReceiptsProcess;

beforeAll(async () => {
  database = await testDatabase();
  receipts = await ReceiptsProcess.start(database.url);
});
afterAll(async () => {
  await receipts.stop();
  await database.drop();
});

/** A result as tests look at it: the id and whether it is a repeat, or the status and code of the fault. */
function shown(result: ReceiptResult) {
  if (result.kind === 'stored') return result.replayed ? 'replayed' : 'stored';
  return `${result.error.details?.status} ${result.error.code}`;
}
const post = async (pos: PartnerPrincipal, posted: PostedReceipt[]) =>
  (await receipts.recorder.record(pos, posted)).map(shown);
const idsOf = (results: ReceiptResult[]) =>
  results.map((result) => (result.kind === 'stored' ? result.id : ''));
const range = (length: number) => Array.from({ length }, (_, index) => index);
/** Starts at another place each time, forwards or backwards. */
function turned<T>(items: T[], by: number): T[] {
  const start = by % items.length;
  const moved = [...items.slice(start), ...items.slice(0, start)];
  return by % 2 === 0 ? moved : moved.reverse();
}

const SUMS = `count(*)::int as receipts, sum(total)::text as revenue,
  coalesce(sum(total) filter (where cost_of_goods is not null), 0)::text as costed, coalesce(sum(cost_of_goods), 0)::text as cost`;
/** The days as kept, and as they come out of the receipts. */
async function daysOf({ partnerId }: PartnerPrincipal) {
  const kept = await receipts.rows(
    `select channel_id, day, single_receipts as receipts, single_revenue as revenue, single_costed_revenue as costed,
            single_cost_of_goods as cost
       from channel_days where redeemer_partner_id = $1 order by channel_id, day`,
    [partnerId],
  );
  const summed = await receipts.rows(
    `select channel_id, day, ${SUMS} from receipts where redeemer_partner_id = $1
      group by channel_id, day order by channel_id, day`,
    [partnerId],
  );
  return { kept, summed };
}
const countOf = async ({ partnerId }: PartnerPrincipal) =>
  (await receipts.rows('select 1 from receipts where redeemer_partner_id = $1', [partnerId])).length;
/** The receipt ids in each outbox row of a partner. */
const factsOf = async ({ partnerId }: PartnerPrincipal) =>
  receipts.rows<{ id: string; ids: string[] }>(
    `select o.id, o.payload -> 'receipts' -> $1 as ids from outbox o
      where o.topic = 'recorded-facts' and o.payload -> 'receipts' ? $1 order by o.id`,
    [partnerId],
  );

describe('posting receipts', () => {
  it('counts each receipt once when the same batch arrives twenty times at once, in any order', async () => {
    const { pos, channelId } = await receipts.buildTill();
    const second = await receipts.partners.buildChannel(pos.partnerId);
    const batch = range(60).map((n) =>
      buildReceipt(n % 3 ? channelId : second.id, `e${n}`, {
        occurredAt: Date.UTC(2026, 5, 10 + (n % 4), 10),
        total: eurosOf(BigInt(100 + n)),
        costOfGoods: n % 2 ? eurosOf(BigInt(n)) : undefined,
      }),
    );
    const answers = await Promise.all(
      range(AT_ONCE).map((n) => receipts.recorder.record(pos, turned(batch, n * 7))),
    );

    const results = answers.flat();
    expect(results).toHaveLength(AT_ONCE * 60);
    expect(results.filter((result) => shown(result) === 'stored')).toHaveLength(60);
    expect(results.filter((result) => shown(result) === 'replayed')).toHaveLength((AT_ONCE - 1) * 60);
    expect(new Set(idsOf(results)).size).toBe(60);
    const { kept, summed } = await daysOf(pos);
    expect(kept).toEqual(summed);
    expect(kept).toHaveLength(8);
    expect(await countOf(pos)).toBe(60);
    const facts = await factsOf(pos);
    expect(facts.flatMap(({ ids }) => ids).sort()).toEqual([...new Set(idsOf(results))].sort());
  });

  it('adds up what different batches bring to the same days at once', async () => {
    const { pos, channelId } = await receipts.buildTill();
    const batchOf = (n: number) =>
      range(10).map((day) =>
        buildReceipt(channelId, `e${n}-${day}`, { occurredAt: Date.UTC(2026, 5, 1 + day, 10) }),
      );
    await Promise.all(range(AT_ONCE).map((n) => post(pos, turned(batchOf(n), n * 3))));
    const { kept, summed } = await daysOf(pos);
    expect(kept).toEqual(summed);
    expect(kept.map((row) => row['receipts'])).toEqual(range(10).map(() => AT_ONCE));
  });

  it('lets batches with common receipts wait for each other; none dies of a deadlock', async () => {
    const { pos } = await receipts.buildTill();
    const channel = await receipts.partners.buildChannel(pos.partnerId);
    const rows = range(200).map((n): Receipt => ({
      id: receipts.partners.clock.newId(),
      externalId: `e${n}`,
      fingerprint: '00'.repeat(16),
      channelId: channel.id,
      number: `${n}`,
      occurredAt: 0,
      day: '1970-01-01',
      total: 1n,
      costOfGoods: null,
      customerId: null,
    }));
    const ready = rows.map((receipt) => ({ kind: 'ready' as const, receipt }));
    // Without the retry of the service: a deadlock would reject here.
    const inserted = await Promise.all(
      range(AT_ONCE).map((n) =>
        receipts.database.transaction((tx) =>
          receipts.repository.insert(tx, pos.partnerId, contenders(turned(ready, n * 13))),
        ),
      ),
    );
    expect(inserted.flat()).toHaveLength(200);
  });

  it('stores the good receipts of a mixed batch and says of each other one what is wrong', async () => {
    const { pos, channelId } = await receipts.buildTill();
    const other = await receipts.buildTill();
    const [{ now } = { now: new Date(0) }] = await receipts.rows<{ now: Date }>('select now() as now');
    const late = now.getTime() + 24 * HOUR;
    const results = await post(pos, [
      buildReceipt(channelId, 'good'),
      buildReceipt(other.channelId, 'foreign'),
      buildReceipt('0190a000-0000-7000-8000-000000000000', 'unknown'),
      buildReceipt(channelId, 'dollars', { total: { minor: 1_000n, currency: 'USD' } }),
      buildReceipt(channelId, 'late', { occurredAt: late + 60_000 }),
      buildReceipt(channelId, 'almost late', { occurredAt: late - 60_000 }),
      buildReceipt(channelId, 'faulty customer', { customer: { phone: '030 123456' } }),
      buildReceipt(channelId, 'good', { number: 'another' }),
      buildReceipt(channelId, 'good'),
    ]);
    expect(results).toEqual([
      'stored',
      '404 not-found',
      '404 not-found',
      '422 currency.mismatch',
      '400 request.invalid',
      'stored',
      '400 request.invalid',
      '422 external-id.conflict',
      'replayed',
    ]);
    expect(await countOf(pos)).toBe(2);
    const { kept, summed } = await daysOf(pos);
    expect(kept).toEqual(summed);
  });

  it('answers a repeat with the same id and counts nothing again', async () => {
    const { pos, channelId } = await receipts.buildTill();
    const batch = [buildReceipt(channelId, 'a'), buildReceipt(channelId, 'b')];
    const first = await receipts.recorder.record(pos, batch);
    const again = await receipts.recorder.record(pos, [...batch, buildReceipt(channelId, 'c')]);
    expect(again.map(shown)).toEqual(['replayed', 'replayed', 'stored']);
    expect(idsOf(again).slice(0, 2)).toEqual(idsOf(first));
    expect(await post(pos, [buildReceipt(channelId, 'a', { total: eurosOf(1n) })])).toEqual([
      '422 external-id.conflict',
    ]);
    const { kept } = await daysOf(pos);
    expect(kept).toMatchObject([{ receipts: 3, revenue: '3000' }]);
  });

  it('keeps the external ids of two partners apart', async () => {
    const [one, two] = [await receipts.buildTill(), await receipts.buildTill()];
    expect(await post(one.pos, [buildReceipt(one.channelId, 'same')])).toEqual(['stored']);
    expect(await post(two.pos, [buildReceipt(two.channelId, 'same')])).toEqual(['stored']);
  });

  it('lets a key of one channel post for no other', async () => {
    const { pos, channelId } = await receipts.buildTill();
    const second = await receipts.partners.buildChannel(pos.partnerId);
    const bound = posOf(pos.partnerId, second.id);
    expect(await post(bound, [buildReceipt(channelId, 'a'), buildReceipt(second.id, 'b')])).toEqual([
      '403 forbidden',
      'stored',
    ]);
  });

  it('counts a receipt for the local date of its channel', async () => {
    const { pos, channelId } = await receipts.buildTill();
    const island = await receipts.partners.buildChannel(pos.partnerId, { timeZone: 'Pacific/Kiritimati' });
    const occurredAt = Date.UTC(2026, 5, 14, 21, 30); // 23:30 in Berlin, 11:30 of the next day on the island
    await post(pos, [
      buildReceipt(channelId, 'a', { occurredAt }),
      buildReceipt(island.id, 'b', { occurredAt }),
    ]);
    const { kept, summed } = await daysOf(pos);
    expect(kept).toHaveLength(2);
    expect(kept).toContainEqual(expect.objectContaining({ channel_id: channelId, day: '2026-06-14' }));
    expect(kept).toContainEqual(expect.objectContaining({ channel_id: island.id, day: '2026-06-15' }));
    expect(kept).toEqual(summed);
  });

  it('asks the database what time it is, not this machine', async () => {
    const { pos, channelId } = await receipts.buildTill();
    const { clock } = receipts.partners;
    clock.aheadMs = 48 * HOUR;
    const results = await post(pos, [buildReceipt(channelId, 'a', { occurredAt: clock.now() })]);
    clock.aheadMs = 0;
    expect(results).toEqual(['400 request.invalid']);
  });

  it('knows a customer however the till writes it, and stores no word of it', async () => {
    const { pos, channelId } = await receipts.buildTill();
    const as = (phone: string) => [buildReceipt(channelId, 'a', { customer: { phone } })];
    expect(await post(pos, as('+49 (0)30 1234567'))).toEqual(['stored']);
    expect(await post(pos, as('0049 30 1234567'))).toEqual(['replayed']);
    expect(await post(pos, as('+49 30 7654321'))).toEqual(['422 external-id.conflict']);
    const [row] = await receipts.rows<{ customer_id: string; customer_key: Buffer; text: string }>(
      `select r.customer_id, p.customer_key, r::text as text
         from receipts r join partners p on p.id = r.redeemer_partner_id where p.id = $1`,
      [pos.partnerId],
    );
    expect(row?.customer_id).toBe(customerIdentity(row!.customer_key, 'tel:+49301234567'));
    expect(row?.text).not.toContain('1234567');
  });

  it('leaves word of what is new, once, and rings after the commit', async () => {
    const { pos, channelId } = await receipts.buildTill();
    const batch = [buildReceipt(channelId, 'a'), buildReceipt(channelId, 'b')];
    const before = receipts.rings;
    await receipts.recorder.record(pos, batch.slice(0, 1));
    const [, b] = await receipts.recorder.record(pos, batch);
    await receipts.recorder.record(pos, batch);
    const facts = await factsOf(pos);
    expect(facts).toHaveLength(2);
    expect(facts[1]?.ids).toEqual(idsOf([b!]));
    await eventually(() => receipts.rings > before, 10_000);
  });

  it('stores nothing of a batch that a day cannot hold', async () => {
    const { pos, channelId } = await receipts.buildTill();
    const huge = range(10).map((n) => buildReceipt(channelId, `e${n}`, { total: eurosOf(10n ** 18n - 1n) }));
    expect(await post(pos, huge.slice(0, 1))).toEqual(['stored']);
    await expect(post(pos, huge)).rejects.toMatchObject({
      code: 'amount.too-large',
      details: { status: 422 },
    });
    await expect(post(pos, [...huge, buildReceipt(channelId, 'small')])).rejects.toMatchObject({
      kind: 'user',
    });
    expect(await countOf(pos)).toBe(1);
    expect(await factsOf(pos)).toHaveLength(1);
  });

  it('takes as many statements for a thousand receipts of a thousand channels as for two', async () => {
    const { pos, channelId } = await receipts.buildTill();
    await post(pos, [buildReceipt(channelId, 'old')]);
    const statementsOf = async (posted: PostedReceipt[]) => {
      const before = receipts.statements;
      await receipts.recorder.record(pos, posted);
      return receipts.statements - before;
    };
    const few = await statementsOf([buildReceipt(channelId, 'old'), buildReceipt(channelId, 'new')]);
    const many = await statementsOf([
      buildReceipt(channelId, 'old'),
      ...range(499).map((n) => buildReceipt(channelId, `e${n}`, { occurredAt: n * 24 * HOUR })),
      ...range(500).map((n) => buildReceipt(receipts.partners.clock.newId(), `u${n}`)),
    ]);
    expect(few).toBeGreaterThan(0);
    expect(many).toBe(few);
    expect(await countOf(pos)).toBe(501);
  });
});
