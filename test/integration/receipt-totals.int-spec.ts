import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PartnerPrincipal } from '../../src/platform/auth/principal.js';
import { buildReceipt, buildTotal, eurosOf, posOf, ReceiptsProcess } from '../support/receipt-builders.js';
import { testDatabase, type TestDatabase } from '../support/test-database.js';

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

const range = (length: number) => Array.from({ length }, (_, index) => index);
const juneOf = (...channelIds: string[]) =>
  receipts.database.read((tx) => receipts.readModel.channelDays(tx, channelIds, '2026-06-01', '2026-07-01'));
/** The totals of June, as [day, receipts, revenue, profit]. */
const totalsOf = async (channelId: string) =>
  (await juneOf(channelId)).map((day) => [day.day, day.totalReceipts, day.totalRevenue, day.totalProfit]);
const put = (pos: PartnerPrincipal, ...totals: Parameters<typeof receipts.totals.put>[1]) =>
  receipts.totals.put(pos, totals);

describe('putting receipt totals', () => {
  it('replaces what was put for the same channel and day, the profit too', async () => {
    const { pos, channelId } = await receipts.buildTill();
    await put(
      pos,
      buildTotal(channelId, { profit: eurosOf(-5_000n) }),
      buildTotal(channelId, { date: '2026-06-16', receipts: 0, revenue: eurosOf(0n) }),
    );
    expect(await totalsOf(channelId)).toEqual([
      ['2026-06-15', 120n, 240_000n, -5_000n],
      ['2026-06-16', 0n, 0n, null],
    ]);
    await put(pos, buildTotal(channelId, { receipts: 130, revenue: eurosOf(1n) }));
    expect(await totalsOf(channelId)).toEqual([
      ['2026-06-15', 130n, 1n, null],
      ['2026-06-16', 0n, 0n, null],
    ]);
  });

  it('leaves the single receipts of the day alone, and they leave the totals alone', async () => {
    const { pos, channelId } = await receipts.buildTill();
    await receipts.recorder.record(pos, [buildReceipt(channelId, 'a', { costOfGoods: eurosOf(600n) })]);
    await put(pos, buildTotal(channelId));
    await receipts.recorder.record(pos, [buildReceipt(channelId, 'b', { total: eurosOf(50n) })]);
    expect(await juneOf(channelId)).toEqual([
      {
        channelId,
        day: '2026-06-15',
        singleReceipts: 2n,
        singleRevenue: 1_050n,
        singleCostedRevenue: 1_000n,
        singleCostOfGoods: 600n,
        totalReceipts: 120n,
        totalRevenue: 240_000n,
        totalProfit: null,
      },
    ]);
  });

  it('stores all totals of a body or none', async () => {
    const { pos, channelId } = await receipts.buildTill();
    const other = await receipts.buildTill();
    const good = buildTotal(channelId);
    const dollars = { minor: 1n, currency: 'USD' };
    await expect(put(pos, good, buildTotal(other.channelId))).rejects.toMatchObject({
      code: 'not-found',
      details: { status: 404, errors: [{ pointer: '/items/1/channelId' }] },
    });
    await expect(put(pos, good, buildTotal(channelId, { date: '2199-01-01' }))).rejects.toMatchObject({
      details: { status: 400, errors: [{ pointer: '/items/1/date' }] },
    });
    await expect(
      put(pos, good, buildTotal(channelId, { date: '2026-06-16', revenue: dollars })),
    ).rejects.toMatchObject({ code: 'currency.mismatch', details: { status: 422 } });
    await expect(put(posOf(pos.partnerId, other.channelId), good)).rejects.toMatchObject({
      details: { status: 403, errors: [{ pointer: '/items/0/channelId' }] },
    });
    expect(await juneOf(channelId, other.channelId)).toEqual([]);
  });

  it('ends with one put as a whole when twenty put the same days at once, in any order', async () => {
    const { pos, channelId } = await receipts.buildTill();
    const days = range(30).map((n) => `2026-06-${String(n + 1).padStart(2, '0')}`);
    await Promise.all(
      range(20).map((n) => {
        const totals = days.map((date) =>
          buildTotal(channelId, { date, receipts: n, revenue: eurosOf(BigInt(n)) }),
        );
        return put(pos, ...(n % 2 ? totals.reverse() : totals));
      }),
    );
    const totals = await juneOf(channelId);
    expect(totals.map(({ day }) => day)).toEqual(days);
    expect(new Set(totals.map(({ totalReceipts }) => totalReceipts)).size).toBe(1);
  });

  it('loses no single receipt while totals of the same day are put', async () => {
    const { pos, channelId } = await receipts.buildTill();
    await Promise.all(
      range(20).map((n) =>
        n % 2
          ? put(pos, buildTotal(channelId))
          : receipts.recorder.record(pos, [buildReceipt(channelId, `e${n}`)]),
      ),
    );
    expect(await juneOf(channelId)).toMatchObject([
      { singleReceipts: 10n, singleRevenue: 10_000n, totalReceipts: 120n },
    ]);
  });
});

describe('the days of channels', () => {
  it('are those in the half-open period of the channels asked for, by channel and day', async () => {
    const [one, two, three] = [
      await receipts.buildTill(),
      await receipts.buildTill(),
      await receipts.buildTill(),
    ];
    const dates = ['2026-05-31', '2026-06-01', '2026-06-30', '2026-07-01'];
    for (const { pos, channelId } of [one, two, three]) {
      await put(pos, ...dates.map((date) => buildTotal(channelId, { date })));
    }
    const asked = [one.channelId, three.channelId].sort();
    expect((await juneOf(...asked)).map(({ channelId, day }) => `${channelId} ${day}`)).toEqual(
      asked.flatMap((channelId) => [`${channelId} 2026-06-01`, `${channelId} 2026-06-30`]),
    );
  });
});
