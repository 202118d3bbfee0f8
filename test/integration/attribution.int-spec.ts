import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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
  hour,
  newId,
  noon,
  type Programme,
  type Redeemer,
  type RedemptionFact,
} from '../support/attribution-builders.js';
import type { Cells } from '../support/naive-rollups.js';
import { testDatabase } from '../support/test-database.js';

let server: Awaited<ReturnType<typeof testDatabase>>;
let bench: AttributionBench;
let programme: Programme;
let gym: Redeemer;
/** Two offers of one campaign at the gym, and an offer of another campaign there. */
let coupon: Code, word: Code, otherOffer: Code, otherCampaign: Code;

beforeAll(async () => {
  server = await testDatabase();
  bench = await AttributionBench.open(server.url);
});

afterAll(async () => {
  await bench.close();
  await server.drop();
});

beforeEach(async () => {
  programme = await bench.programme();
  [gym] = programme.redeemers as [Redeemer, Redeemer];
  const [first, second, third, , fifth] = gym.codes as [Code, Code, Code, Code, Code];
  [coupon, word, otherOffer, otherCampaign] = [first, second, third, fifth];
});

describe('what a redemption adds to its day', () => {
  it('an accepted redemption counts with its discount, its gift and its code', async () => {
    await bench.attribute(
      redemption(aRedemption(gym, coupon, { discount: 500n, giftCost: 120n })),
      redemption(aRedemption(gym, word, { discount: 300n })),
    );
    expect(await dayTotals()).toEqual({
      redemptions: 2n,
      couponRedemptions: 1n,
      unknownCustomers: 2n,
      discount: 800n,
      giftCost: 120n,
    });
  });

  it('a refusal counts as a refusal and nothing else', async () => {
    await bench.attribute(
      redemption(aRedemption(gym, coupon, { status: 'refused', reason: 'code.expired' })),
    );
    expect(await dayTotals()).toEqual({ refusals: 1n });
    expect(await receiptTotals('campaign')).toEqual({});
  });

  it('what a till gave on a refused code is leakage and no discount, and told apart when the till was offline', async () => {
    const refused = { status: 'refused', reason: 'code.expired', discount: 0n } as const;
    await bench.attribute(
      redemption(aRedemption(gym, coupon, { ...refused, leakedDiscount: 400n })),
      redemption(aRedemption(gym, word, { ...refused, leakedDiscount: 300n, offline: true })),
    );
    expect(await dayTotals()).toEqual({ refusals: 2n, leakage: 700n, offlineLeakage: 300n });
  });

  it('an attempt with an unknown code belongs to no campaign and stops nothing', async () => {
    const nowhere = {
      codeId: null,
      offerId: null,
      campaignId: null,
      placementId: null,
      termsVersion: null,
      day: null,
    };
    await bench.attribute(
      redemption(aRedemption(gym, coupon, { ...nowhere, status: 'refused', reason: 'code.unknown' })),
      redemption(aRedemption(gym, word)),
    );
    expect(await dayTotals()).toMatchObject({ redemptions: 1n });
  });

  it('a redemption and its full reversal are nothing, whichever comes first', async () => {
    const given = aRedemption(gym, coupon, { customerId: newId(), customerStatus: 'new', giftCost: 50n });
    const taken = aRedemption(gym, coupon, { customerId: newId() });
    await bench.attribute(redemption(given));
    await bench.attribute(reversal(aReversal(given)));
    await bench.attribute(reversal(aReversal(taken)));
    await bench.attribute(redemption(taken));
    expect(await bench.rollups(programme)).toEqual({ days: {}, receiptDays: {}, pairDays: {} });
    expect(await contributions()).toBe(0);
  });

  it('a reversal that was posted and not applied is applied with whichever of the two is attributed last', async () => {
    const [early, late, together] = [coupon, word, otherOffer].map((code) => aRedemption(gym, code)) as [
      RedemptionFact,
      RedemptionFact,
      RedemptionFact,
    ];
    await bench.attribute(waitingReversal(aWaitingReversal(early)));
    await bench.attribute(redemption(early));
    await bench.attribute(redemption(late));
    await bench.attribute(waitingReversal(aWaitingReversal(late)));
    await bench.attribute(redemption(together), waitingReversal(aWaitingReversal(together)));
    expect(await bench.rollups(programme)).toEqual({ days: {}, receiptDays: {}, pairDays: {} });
  });

  it('a partial reversal takes its part of the discount and of the revenue', async () => {
    const bought = aRedemption(gym, coupon);
    await bench.attribute(redemption(bought));
    await bench.attribute(
      reversal(aReversal(bought, { netAmount: 2_700n, discountAmount: 300n, completes: false })),
    );
    expect(await dayTotals()).toMatchObject({ redemptions: 1n, discount: 700n });
    expect(await receiptTotals('campaign')).toEqual({ promoReceipts: 1n, revenue: 6_300n });
  });

  it('partial reversals that waited take their parts to the cent, and the last one the gift and the redemption', async () => {
    const bought = aRedemption(gym, coupon, { subtotal: 4_000n, discount: 400n, giftCost: 120n });
    await bench.attribute(waitingReversal(aWaitingReversal(bought, 900n)));
    await bench.attribute(redemption(bought));
    expect(await dayTotals()).toMatchObject({ redemptions: 1n, discount: 300n, giftCost: 120n });
    expect(await receiptTotals('campaign')).toEqual({ promoReceipts: 1n, revenue: 2_700n });
    await bench.attribute(waitingReversal(aWaitingReversal(bought, 2_700n)));
    expect(await bench.rollups(programme)).toEqual({ days: {}, receiptDays: {}, pairDays: {} });
  });

  it('of reversals that ask for more than was paid the last ones take what is left, and nothing else', async () => {
    const bought = aRedemption(gym, coupon);
    const asked = [5_000n, 3_000n, 3_000n, 3_000n, null];
    // Of the same instant, so the ids say which is first.
    const ids = asked.map(newId).sort();
    const waiting = asked.map((amount, index) => ({
      ...aWaitingReversal(bought, amount),
      id: ids[index] ?? '',
    }));
    await bench.attribute(...waiting.map(waitingReversal), redemption(bought));
    const applied = await bench.database.read((tx) =>
      tx.rows(
        `select a.net_amount::int as net, a.discount_amount::int as discount, a.completes, a.net_remaining::int as remaining
           from reversal_applications a where a.redemption_id = $1 order by a.reversal_id`,
        [bought.id],
      ),
    );
    expect(applied).toEqual([
      { net: 5_000, discount: 556, completes: false, remaining: 4_000 },
      { net: 3_000, discount: 333, completes: false, remaining: 1_000 },
      { net: 1_000, discount: 111, completes: true, remaining: 0 },
      { net: 0, discount: 0, completes: false, remaining: 0 },
      { net: 0, discount: 0, completes: false, remaining: 0 },
    ]);
    expect(await contributions()).toBe(0);
  });

  it('a reversal in other money than its redemption is never applied', async () => {
    const bought = aRedemption(gym, coupon);
    await bench.attribute(redemption(bought), waitingReversal(aWaitingReversal(bought, 100n, 'USD')));
    expect(await dayTotals()).toMatchObject({ redemptions: 1n, discount: 1_000n });
    expect(await receiptTotals('campaign')).toEqual({ promoReceipts: 1n, revenue: 9_000n });
  });
});

describe('what a receipt adds to the promo receipts', () => {
  it('two codes on one receipt are one promo receipt of the campaign and one of each offer', async () => {
    const receiptNumber = 'R1';
    await bench.attribute(redemption(aRedemption(gym, coupon, { receiptNumber })));
    await bench.attribute(redemption(aRedemption(gym, otherOffer, { receiptNumber, discount: 500n })));
    expect(await receiptTotals('campaign')).toEqual({ promoReceipts: 1n, revenue: 8_500n });
    expect(await receiptTotals('offer')).toEqual({ promoReceipts: 2n, revenue: 17_000n });
    expect(await receiptTotals('placement')).toEqual({ promoReceipts: 2n, revenue: 17_000n });
  });

  it('the discount of another campaign on the same receipt lowers its net total too', async () => {
    const receiptNumber = 'R1';
    const ours = aRedemption(gym, coupon, { receiptNumber });
    const theirs = aRedemption(gym, otherCampaign, { receiptNumber, discount: 2_000n });
    await bench.attribute(redemption(ours));
    await bench.attribute(redemption(theirs));
    expect(await receiptTotals(coupon.campaignId)).toMatchObject({ revenue: 7_000n });
    await bench.attribute(reversal(aReversal(theirs)));
    expect(await receiptTotals(coupon.campaignId)).toMatchObject({ revenue: 9_000n });
    expect(await receiptTotals(otherCampaign.campaignId)).toEqual({});
  });

  it('the same number at another channel is another receipt', async () => {
    const [, channelId] = gym.channelIds as [string, string];
    await bench.attribute(
      redemption(aRedemption(gym, coupon, { receiptNumber: 'R1' })),
      redemption(aRedemption(gym, coupon, { receiptNumber: 'R1', channelId })),
    );
    expect(await receiptTotals('campaign')).toMatchObject({ promoReceipts: 2n });
  });

  it('a receipt posted later replaces the net total and brings its cost of goods', async () => {
    const receiptNumber = 'R1';
    await bench.attribute(redemption(aRedemption(gym, coupon, { receiptNumber })));
    expect(await receiptTotals('campaign')).toEqual({ promoReceipts: 1n, revenue: 9_000n });
    await bench.attribute(
      receipt(aReceipt(gym, { number: receiptNumber, total: 8_800n, costOfGoods: 5_000n })),
    );
    expect(await receiptTotals('campaign')).toEqual({
      promoReceipts: 1n,
      revenue: 8_800n,
      costedRevenue: 8_800n,
      costOfGoods: 5_000n,
    });
  });

  it('the cost of goods goes back in the part in which the price did', async () => {
    const bought = aRedemption(gym, coupon, { costOfGoods: 5_000n });
    await bench.attribute(redemption(bought));
    await bench.attribute(waitingReversal(aWaitingReversal(bought, 3_000n)));
    const left = { promoReceipts: 1n, revenue: 6_000n, costedRevenue: 6_000n, costOfGoods: 3_333n };
    expect(await receiptTotals('campaign')).toEqual(left);
    const posted = { number: bought.receiptNumber, total: 8_000n, costOfGoods: 4_001n };
    await bench.attribute(receipt(aReceipt(gym, posted)));
    const charged = { promoReceipts: 1n, revenue: 5_000n, costedRevenue: 5_000n, costOfGoods: 2_501n };
    expect(await receiptTotals('campaign')).toEqual(charged);
  });

  it('of two receipts posted with one number the one recorded first counts, whichever arrives first here', async () => {
    const receiptNumber = 'R1';
    await bench.attribute(redemption(aRedemption(gym, coupon, { receiptNumber })));
    await bench.attribute(
      receipt(aReceipt(gym, { number: receiptNumber, recordedAt: hour(2), total: 200n })),
    );
    await bench.attribute(
      receipt(aReceipt(gym, { number: receiptNumber, recordedAt: hour(1), total: 100n })),
    );
    expect(await receiptTotals('campaign')).toMatchObject({ revenue: 100n });
  });

  it('a code that was fully reversed in two steps leaves no trace on a receipt that has another', async () => {
    const receiptNumber = 'R1';
    const undone = aRedemption(gym, coupon, { receiptNumber });
    await bench.attribute(redemption(undone), redemption(aRedemption(gym, word, { receiptNumber })));
    await bench.attribute(reversal(aReversal(undone, { netAmount: 4_000n, completes: false })));
    await bench.attribute(reversal(aReversal(undone, { netAmount: 4_000n })));
    expect(await receiptTotals('campaign')).toEqual({ promoReceipts: 1n, revenue: 9_000n });
  });

  it('a receipt belongs to the day of its earliest redemption that still counts', async () => {
    const receiptNumber = 'R1';
    const early = aRedemption(gym, coupon, { receiptNumber, occurredAt: noon(0) });
    await bench.attribute(redemption(aRedemption(gym, word, { receiptNumber, occurredAt: noon(1) })));
    await bench.attribute(redemption(early));
    expect(await receiptDays()).toEqual(['2026-06-01']);
    await bench.attribute(reversal(aReversal(early)));
    expect(await receiptDays()).toEqual(['2026-06-02']);
  });
});

describe('whether a customer is new', () => {
  it('a customer without an earlier visit is new, and counts once however often they come', async () => {
    const customerId = newId();
    await bench.attribute(redemption(aRedemption(gym, coupon, { customerId, customerStatus: 'returning' })));
    await bench.attribute(redemption(aRedemption(gym, word, { customerId, occurredAt: noon(3) })));
    expect(await dayTotals()).toMatchObject({ redemptions: 2n, newCustomers: 1n, claimedReturning: 1n });
  });

  it('a late receipt turns a new customer into a returning one', async () => {
    const customerId = newId();
    await bench.attribute(redemption(aRedemption(gym, coupon, { customerId, occurredAt: noon(20) })));
    expect(await dayTotals()).toMatchObject({ newCustomers: 1n });
    await bench.attribute(receipt(aReceipt(gym, { customerId, occurredAt: noon(15) })));
    const after = await dayTotals();
    expect(after).toMatchObject({ returningCustomers: 1n });
    expect(after).not.toHaveProperty('newCustomers');
  });

  it('a receipt from before the look-back, or from another partner, makes nobody returning', async () => {
    const customerId = newId();
    const [, cafe] = programme.redeemers as [Redeemer, Redeemer];
    await bench.attribute(redemption(aRedemption(gym, coupon, { customerId, occurredAt: noon(40) })));
    await bench.attribute(receipt(aReceipt(gym, { customerId, occurredAt: noon(9) })));
    await bench.attribute(receipt(aReceipt(cafe, { customerId, occurredAt: noon(39) })));
    expect(await dayTotals()).toMatchObject({ newCustomers: 1n });
    await bench.attribute(receipt(aReceipt(gym, { customerId, occurredAt: noon(10) })));
    expect(await dayTotals()).toMatchObject({ returningCustomers: 1n, returningAfterAbsence: 1n });
  });

  it('who comes back sooner than the agreed absence is returning, but not after an absence', async () => {
    const customerId = newId();
    await bench.attribute(redemption(aRedemption(gym, coupon, { customerId, occurredAt: noon(20) })));
    await bench.attribute(receipt(aReceipt(gym, { customerId, occurredAt: noon(10) })));
    expect(await dayTotals()).toMatchObject({ returningCustomers: 1n, returningAfterAbsence: 1n });
    await bench.attribute(receipt(aReceipt(gym, { customerId, occurredAt: hour(24 * 10 + 13) })));
    expect(await dayTotals()).not.toHaveProperty('returningAfterAbsence');
  });

  it('the receipt of the redemption itself is no earlier visit', async () => {
    const customerId = newId();
    const bought = aRedemption(gym, coupon, { customerId, receiptNumber: 'R1', occurredAt: noon(1) });
    await bench.attribute(redemption(bought));
    await bench.attribute(receipt(aReceipt(gym, { customerId, number: 'R1', occurredAt: hour(35) })));
    expect(await dayTotals()).toMatchObject({ newCustomers: 1n });
  });

  it('another code on the same receipt is no earlier visit', async () => {
    const [customerId, receiptNumber] = [newId(), 'R1'];
    const codes = [aRedemption(gym, coupon, { customerId, receiptNumber, occurredAt: hour(36) })];
    codes.push(aRedemption(gym, otherCampaign, { customerId, receiptNumber, occurredAt: hour(37) }));
    await bench.attribute(...codes.map(redemption));
    expect(await dayTotals()).toMatchObject({ redemptions: 2n, newCustomers: 2n });
  });

  it('a redemption in one campaign is an earlier visit for another, until it is reversed', async () => {
    const customerId = newId();
    const visit = aRedemption(gym, otherCampaign, { customerId, occurredAt: noon(5) });
    await bench.attribute(redemption(aRedemption(gym, coupon, { customerId, occurredAt: noon(20) })));
    await bench.attribute(redemption(visit));
    expect(await dayTotals(coupon.campaignId)).toMatchObject({ returningCustomers: 1n });
    await bench.attribute(reversal(aReversal(visit)));
    expect(await dayTotals(coupon.campaignId)).toMatchObject({ newCustomers: 1n });
  });

  it('an earlier redemption that arrives late takes the customer to its own day and offer', async () => {
    const customerId = newId();
    await bench.attribute(redemption(aRedemption(gym, coupon, { customerId, occurredAt: noon(2) })));
    await bench.attribute(redemption(aRedemption(gym, otherOffer, { customerId, occurredAt: noon(1) })));
    const { days } = await bench.rollups(programme);
    const cells = Object.keys(days).filter((cell) => days[cell]?.['newCustomers'] === 1n);
    expect(cells).toEqual([expect.stringMatching(`${otherOffer.offerId} .* 2026-06-02$`)]);
  });

  it('the look-back is that of the terms the first redemption was decided under', async () => {
    const customerId = newId();
    await bench.attribute(receipt(aReceipt(gym, { customerId, occurredAt: noon(1) })));
    await bench.attribute(
      redemption(aRedemption(gym, coupon, { customerId, occurredAt: noon(9), termsVersion: 2 })),
    );
    expect(await dayTotals()).toMatchObject({ newCustomers: 1n });
  });
});

describe('the job', () => {
  it('the same outbox row twice counts once', async () => {
    const row = await bench.post(redemption(aRedemption(gym, coupon, { customerId: newId() })));
    expect(await bench.service.attribute([row, row])).toBe(1);
    const once = await bench.rollups(programme);
    expect(await bench.service.attribute([row])).toBe(0);
    expect(await bench.rollups(programme)).toEqual(once);
  });

  it('following the same reference again changes no cell', async () => {
    const bought = aRedemption(gym, coupon, { customerId: newId() });
    const sold = aReceipt(gym, { number: bought.receiptNumber });
    await bench.attribute(redemption(bought), receipt(sold));
    const changed = await bench.database.transaction((tx) =>
      bench.contributions.recompute(tx, {
        redeemerId: gym.id,
        redemptions: [bought.id, bought.id],
        reversals: [],
        receipts: [sold.id, sold.id],
      }),
    );
    expect(changed).toBe(0);
  });

  it('a job whose rows are gone does nothing', async () => {
    expect(await bench.service.attribute([newId()])).toBe(0);
  });

  it('a row that cannot be read is kept with the reason, and the others of its job are done', async () => {
    const good = await bench.post(redemption(aRedemption(gym, coupon)));
    const bad = await bench.database.transaction((tx) =>
      bench.outbox.append(tx, 'recorded-facts', { coupons: {} }),
    );
    await bench.service.attribute([bad, good]);
    expect(await dayTotals()).toMatchObject({ redemptions: 1n });
    expect([await bench.waitingRows([good]), await bench.waitingRows([bad])]).toEqual([0, 1]);
    const row = await bench.database.read((tx) =>
      tx.row<{ failure: string; parked: boolean }>(
        `select o.failure, not isfinite(o.publish_after) as parked from outbox o where o.id = $1`,
        [bad],
      ),
    );
    expect(row).toEqual({ failure: expect.stringContaining('coupons'), parked: false });
  });

  it('a row that keeps failing is parked after some tries, and can be tried again', async () => {
    const bad = await bench.database.transaction((tx) =>
      bench.outbox.append(tx, 'recorded-facts', { coupons: {} }),
    );
    await bench.database.transaction((tx) =>
      tx.execute('update outbox set attempts = 5, sweeps = 1000 where id = $1', [bad]),
    );
    await bench.service.attribute([bad]);
    const parked = () =>
      bench.database.read((tx) =>
        tx.row<{ parked: boolean }>(
          `select not isfinite(o.publish_after) as parked from outbox o where o.id = $1`,
          [bad],
        ),
      );
    expect(await parked()).toEqual({ parked: true });
    await bench.database.transaction((tx) =>
      tx.execute(`update outbox set payload = '{}', publish_after = now() where id = $1`, [bad]),
    );
    await bench.service.attribute([bad]);
    expect(await parked()).toBeUndefined();
  });
});

async function dayTotals(key = ''): Promise<Record<string, bigint>> {
  return totals((await bench.rollups(programme)).days, key);
}

/** `key` is a grain, or a campaign (which has its receipts once per grain: as the campaign, as its offer and placement). */
async function receiptTotals(key: string): Promise<Record<string, bigint>> {
  const { receiptDays: cells } = await bench.rollups(programme);
  return totals(cells, programme.campaignIds.includes(key) ? `${key} campaign` : ` ${key} `);
}

async function receiptDays(): Promise<string[]> {
  const { receiptDays: cells } = await bench.rollups(programme);
  return Object.keys(cells)
    .filter((cell) => cell.includes(' campaign '))
    .map((cell) => cell.slice(-10));
}

function totals(cells: Cells, key: string): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const [cell, figures] of Object.entries(cells)) {
    if (!cell.includes(key)) continue;
    for (const [name, figure] of Object.entries(figures)) sums[name] = (sums[name] ?? 0n) + figure;
  }
  return sums;
}

/** How many contributions this programme has. */
async function contributions(): Promise<number> {
  const tables = ['redemption_facts', 'campaign_customers'];
  const sql = tables.map((table) => `select from ${table} where campaign_id = any($1)`).join(' union all ');
  return bench.database.read((tx) => tx.execute(sql, [programme.campaignIds]));
}
