import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Journey } from '../../src/attribution/domain/journey.js';
import { RollupReadModel } from '../../src/attribution/rollup.read-model.js';
import { type JourneyQuestion, JourneyReadModel } from '../../src/credits/journey.read-model.js';
import { AttributionBench, receipt, redemption, reversal } from '../support/attribution-bench.js';
import {
  aReceipt,
  aRedemption,
  aReversal,
  type Code,
  hour,
  newId,
  noon,
  recordIssuance,
  recordTouch,
  type Redeemer,
  type RedemptionFact,
  type TouchFact,
} from '../support/attribution-builders.js';
import { testDatabase } from '../support/test-database.js';

const journeyModel = new JourneyReadModel();
const HOUR_MS = 3_600_000;

let server: Awaited<ReturnType<typeof testDatabase>>;
let bench: AttributionBench;
let gym: Redeemer;
let shop: Redeemer;
/** A coupon, a code word and the coupon of another offer, all of one campaign at the gym: the parties 0, 1 and 2. */
let coupon: Code, word: Code, other: Code;
/** At the gym in another campaign, and in the same campaign at the shop: the party 3. */
let otherCampaign: Code, atShop: Code;

beforeAll(async () => {
  server = await testDatabase();
  bench = await AttributionBench.open(server.url);
});

afterAll(async () => {
  await bench.close();
  await server.drop();
});

beforeEach(async () => {
  const programme = await bench.programme();
  [gym, shop] = programme.redeemers as [Redeemer, Redeemer];
  [coupon, word, other, , otherCampaign] = gym.codes as [Code, Code, Code, Code, Code];
  atShop = shop.codes[0]!;
});

/** What is read of the campaign, the journeys in an order of their own. */
async function read(overrides: Partial<JourneyQuestion> = {}): Promise<Journey[]> {
  const question: JourneyQuestion = {
    campaignId: coupon.campaignId,
    period: { from: '2026-06-01', to: '2026-09-01' },
    ...{ timeZone: 'UTC', lookbackDays: 30, hasAges: true },
    parties: new Map([coupon, word, other, atShop].map(({ placementId }, party) => [placementId, party])),
    ...overrides,
  };
  const journeys = await bench.database.snapshot(async (tx) => {
    const all: Journey[] = [];
    for await (const page of journeyModel.journeys(tx, question)) all.push(...page);
    return all;
  });
  const rank = ({ nulls, parties, value }: Journey): string => `${nulls} ${parties.join()} ${value}`;
  return journeys.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

const redeem = async (code: Code, fields: Partial<RedemptionFact> = {}): Promise<RedemptionFact> => {
  const redeemer = code === atShop ? shop : gym;
  const fact = aRedemption(redeemer, code, { occurredAt: noon(10), ...fields });
  await bench.attribute(redemption(fact));
  return fact;
};

const touch = (code: Code, fields: Pick<TouchFact, 'occurredAt'> & Partial<TouchFact>): Promise<TouchFact> =>
  bench.database.transaction((tx) => recordTouch(tx, code, fields));

const issue = (fields: { matchId: string | null; issuedAt: Date }): Promise<void> =>
  bench.database.transaction((tx) => recordIssuance(tx, coupon, gym.channelIds[0]!, fields));

describe('the journey of a redemption', () => {
  it('without a touch is one contact with the placement of its code, at the moment of the redemption', async () => {
    await redeem(word);
    expect(await read()).toEqual([
      { parties: [1], ages: [0], codeOwner: 1, conversions: 1, nulls: 0, value: 9_000n },
    ]);
  });

  it('has the touches of its customer in the order of time, and its code last', async () => {
    const matchId = newId();
    await touch(other, { matchId, occurredAt: noon(9) });
    await touch(word, { matchId, occurredAt: noon(7) });
    await touch(other, { matchId, occurredAt: noon(8) });
    await redeem(coupon, { matchId });
    expect(await read()).toMatchObject([
      { parties: [1, 2, 2, 0], ages: [72, 48, 24, 0].map((hours) => hours * HOUR_MS), codeOwner: 0 },
    ]);
  });

  it('has no other contact with the placement of its code where a touch says when that was', async () => {
    const matchId = newId();
    await touch(coupon, { matchId, occurredAt: noon(7) });
    await touch(word, { matchId, occurredAt: noon(8) });
    await redeem(coupon, { matchId });
    expect(await read()).toMatchObject([{ parties: [0, 1], codeOwner: 0 }]);
  });

  it('begins where the lookback of its terms does, and ends with the redemption; both instants belong to it', async () => {
    const matchId = newId();
    const at = noon(40);
    await touch(other, { matchId, occurredAt: new Date(noon(10).getTime() - 1) });
    await touch(word, { matchId, occurredAt: noon(10) });
    await touch(word, { matchId, occurredAt: at });
    await redeem(coupon, { matchId, occurredAt: at });
    expect((await read()).filter(({ conversions }) => conversions > 0)).toMatchObject([
      { parties: [1, 1, 0], ages: [30 * 24 * HOUR_MS, 0, 0] },
    ]);
    await touch(other, { matchId, occurredAt: new Date(at.getTime() + 1) });
    expect((await read()).filter(({ conversions }) => conversions > 0)).toMatchObject([
      { parties: [1, 1, 0] },
    ]);
  });

  it('has no touches of other customers, campaigns and redeemers, nor of nobody', async () => {
    const matchId = newId();
    await touch(word, { matchId: newId(), occurredAt: noon(9) });
    await touch(word, { matchId: null, occurredAt: noon(9) });
    await touch(otherCampaign, { matchId, occurredAt: noon(9) });
    await touch(atShop, { matchId, occurredAt: noon(9) });
    await redeem(coupon, { matchId });
    await redeem(coupon);
    const converting = (await read()).filter(({ conversions }) => conversions > 0);
    expect(converting.map(({ parties }) => parties)).toEqual([[0], [0]]);
  });

  it('has the click that the till named, although nobody knew whose it was', async () => {
    const click = await touch(other, { occurredAt: noon(9) });
    await redeem(coupon, { clickId: click.id });
    const matchId = newId();
    await touch(word, { matchId, occurredAt: noon(8) });
    await redeem(coupon, { matchId, clickId: click.id });
    expect((await read()).map(({ parties }) => parties)).toEqual([
      [1, 2, 0],
      [2, 0],
    ]);
  });

  it('has a click of its customer once, and none that came later or does not exist', async () => {
    const matchId = newId();
    const click = await touch(other, { matchId, occurredAt: noon(9) });
    await redeem(coupon, { matchId, clickId: click.id });
    const later = await touch(word, { occurredAt: noon(11) });
    await redeem(coupon, { clickId: later.id });
    await redeem(coupon, { clickId: newId() });
    expect((await read()).map(({ parties }) => parties)).toEqual([[0], [0], [2, 0]]);
  });

  it('has the issuance of its code, and once where the customer is known', async () => {
    await issue({ matchId: null, issuedAt: noon(6) });
    await redeem(coupon);
    expect(await read()).toMatchObject([{ parties: [0], ages: [4 * 24 * HOUR_MS] }]);
  });

  it('has an issuance to its customer once, whichever code is redeemed', async () => {
    const matchId = newId();
    await issue({ matchId, issuedAt: noon(6) });
    await redeem(coupon, { matchId });
    await redeem(word, { matchId });
    expect(await read()).toMatchObject([
      { parties: [0], ages: [4 * 24 * HOUR_MS] },
      { parties: [0, 1], codeOwner: 1 },
    ]);
  });
});

describe('the value of a redemption', () => {
  it('is the revenue of its receipt, less what was given back', async () => {
    const fact = await redeem(word);
    await bench.attribute(
      reversal(aReversal(fact, { netAmount: 4_000n, discountAmount: 0n, completes: false })),
    );
    expect(await read()).toMatchObject([{ value: 5_000n }]);
  });

  it('is not there once everything was given back', async () => {
    const matchId = newId();
    await touch(word, { matchId, occurredAt: noon(9) });
    const fact = await redeem(word, { matchId });
    await bench.attribute(reversal(aReversal(fact)));
    expect(await read()).toMatchObject([{ conversions: 0, nulls: 1, value: 0n, parties: [1] }]);
  });

  it('is shared among the codes on one receipt, the cent that is left to the first', async () => {
    const receiptNumber = newId();
    await redeem(word, { receiptNumber, occurredAt: hour(1), discount: 0n, subtotal: 10_001n });
    await redeem(coupon, { receiptNumber, occurredAt: hour(2), discount: 0n, subtotal: 10_001n });
    expect(await read()).toMatchObject([
      { parties: [0], value: 5_000n },
      { parties: [1], value: 5_001n },
    ]);
  });

  it('counts on the day of the first code on the receipt, as in the report, and only for what is asked for', async () => {
    const receiptNumber = newId();
    await redeem(word, { receiptNumber, occurredAt: hour(23) });
    await redeem(coupon, { receiptNumber, occurredAt: hour(25) });
    const first = { from: '2026-06-01', to: '2026-06-02' };
    const second = { from: '2026-06-02', to: '2026-06-03' };
    expect(await read({ period: first })).toMatchObject([{ parties: [1], value: 8_000n }]);
    expect(await read({ period: second })).toMatchObject([{ parties: [0], value: 0n }]);
    for (const period of [first, second, { from: '2026-06-01', to: '2026-06-03' }]) {
      const value = (await read({ period })).reduce((sum, journey) => sum + journey.value, 0n);
      expect(value).toBe(await revenueOf(period));
    }
  });

  it('over a campaign is the revenue of the report', async () => {
    const shared = newId();
    await redeem(coupon, { receiptNumber: shared, subtotal: 3_333n, discount: 1n });
    await redeem(word, { receiptNumber: shared, subtotal: 3_333n, discount: 1n });
    await redeem(other, { receiptNumber: shared, subtotal: 3_333n, discount: 1n });
    await redeem(otherCampaign, { receiptNumber: shared, subtotal: 3_333n, discount: 1n });
    await redeem(atShop);
    const posted = await redeem(word, { subtotal: 0n, discount: 0n });
    await bench.attribute(receipt(aReceipt(gym, { number: posted.receiptNumber, total: 777n })));
    const refused = { status: 'refused', reason: 'code.expired' } as const;
    await redeem(word, refused);
    const journeys = await read();
    expect(journeys).toHaveLength(5);
    const value = journeys.reduce((sum, journey) => sum + journey.value, 0n);
    expect(value).toBe(3_329n + 9_000n + 777n);
    expect(value).toBe(await revenueOf({ from: '2026-06-01', to: '2026-09-01' }));
  });

  const revenueOf = (period: { from: string; to: string }): Promise<bigint> =>
    bench.database.snapshot(async (tx) => {
      const days = await new RollupReadModel().receiptDays(
        tx,
        coupon.campaignId,
        'campaign',
        period.from,
        period.to,
      );
      return days.reduce((sum, { revenue }) => sum + revenue, 0n);
    });
});

describe('a journey without redemption', () => {
  it('is that of a customer who touched something and redeemed nothing after it', async () => {
    const [nobody, returning] = [newId(), newId()];
    await touch(word, { matchId: nobody, occurredAt: noon(3) });
    await touch(other, { matchId: nobody, occurredAt: noon(2) });
    await touch(coupon, { matchId: returning, occurredAt: noon(5) });
    await redeem(word, { matchId: returning });
    await touch(other, { matchId: returning, occurredAt: noon(12) });
    expect(await read()).toEqual([
      expect.objectContaining({ parties: [0, 1], conversions: 1 }),
      { parties: [2], ages: [0], codeOwner: undefined, conversions: 0, nulls: 1, value: 0n },
      { parties: [2, 1], ages: [0, 0], codeOwner: undefined, conversions: 0, nulls: 1, value: 0n },
    ]);
  });

  it('is of the local day of its last touch', async () => {
    await touch(word, { matchId: newId(), occurredAt: hour(23) });
    const [utc, tokyo] = [{ timeZone: 'UTC' }, { timeZone: 'Asia/Tokyo' }];
    const [first, second] = [
      { period: { from: '2026-06-01', to: '2026-06-02' } },
      { period: { from: '2026-06-02', to: '2026-06-03' } },
    ];
    expect(await read({ ...utc, ...first })).toHaveLength(1);
    expect(await read({ ...utc, ...second })).toEqual([]);
    expect(await read({ ...tokyo, ...first })).toEqual([]);
    expect(await read({ ...tokyo, ...second })).toHaveLength(1);
  });

  it('goes back as far as touches count', async () => {
    const matchId = newId();
    await touch(other, { matchId, occurredAt: noon(0) });
    await touch(word, { matchId, occurredAt: noon(30) });
    expect(await read()).toMatchObject([{ parties: [2, 1] }]);
    expect(await read({ lookbackDays: 29 })).toMatchObject([{ parties: [1] }]);
  });

  it('is also that of a coupon which was given to somebody known and never came back', async () => {
    await issue({ matchId: newId(), issuedAt: noon(6) });
    expect(await read()).toMatchObject([{ parties: [0], nulls: 1 }]);
  });
});

describe('journeys that are alike', () => {
  it('come together where ages do not matter, more than a page of them one by one where they do', async () => {
    const facts = Array.from({ length: 1_100 }, (_, at) =>
      aRedemption(gym, at % 2 === 0 ? coupon : word, { occurredAt: noon(at % 30) }),
    );
    await bench.attribute(...facts.map(redemption));
    expect(await read()).toHaveLength(1_100);
    expect(await read({ hasAges: false })).toEqual([
      { parties: [0], ages: [0], codeOwner: 0, conversions: 550, nulls: 0, value: 550n * 9_000n },
      { parties: [1], ages: [0], codeOwner: 1, conversions: 550, nulls: 0, value: 550n * 9_000n },
    ]);
  });
});
