import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AttributionBench, receipt, redemption, waitingReversal } from '../support/attribution-bench.js';
import {
  aReceipt,
  aRedemption,
  aWaitingReversal,
  type Code,
  type Fact,
  hour,
  newId,
  type Programme,
  type Redeemer,
} from '../support/attribution-builders.js';
import { type Foreign, naiveClerkDays, naiveRollups } from '../support/naive-rollups.js';
import { testDatabase } from '../support/test-database.js';

const RUNS = 25;

let server: Awaited<ReturnType<typeof testDatabase>>;
let bench: AttributionBench;
let programme: Programme;

beforeAll(async () => {
  server = await testDatabase();
  bench = await AttributionBench.open(server.url);
  programme = await bench.programme();
  // One of the two campaigns is not in the currency of the partners.
  await bench.setCurrency(programme.campaignIds[1]!, 'JPY');
});

afterAll(async () => {
  await bench.close();
  await server.drop();
});

// Few receipts, customers and instants, so that facts meet: on a receipt, on a day, at the same moment.
const CUSTOMERS = [newId(), newId()];
const place = {
  partner: fc.constantFrom(0, 0, 0, 1),
  channel: fc.constantFrom(0, 0, 1),
  number: fc.constantFrom('R1', 'R2', 'R3'),
};
const who = { customer: fc.option(fc.nat({ max: 1 })), halfDay: fc.nat({ max: 24 }) };
const costOfGoods = fc.constantFrom(null, 0n, 2_000n, 3_000n);

const receiptSpec = fc.record({
  ...place,
  ...who,
  costOfGoods,
  kind: fc.constant('receipt' as const),
  total: fc.bigInt(0n, 9_000n),
  recordedHour: fc.nat({ max: 50 }),
});
const redemptionSpec = fc.record({
  ...place,
  ...who,
  costOfGoods,
  kind: fc.constant('redemption' as const),
  code: fc.nat({ max: 7 }),
  isRefused: fc.nat({ max: 5 }).map((roll) => roll === 0),
  termsVersion: fc.constantFrom(1, 2),
  customerStatus: fc.constantFrom(null, 'new' as const, 'returning' as const),
  subtotal: fc.bigInt(1_000n, 9_000n),
  discount: fc.bigInt(0n, 1_000n),
  giftCost: fc.constantFrom(0n, 150n),
  offline: fc.boolean(),
  clerk: fc.constantFrom(null, 'Ann', 'Bo'),
  leaked: fc.bigInt(0n, 1_000n),
  /** Reversals, of refused ones too: amounts that may exceed what was paid, and null for all that is left. */
  returned: fc.array(fc.option(fc.bigInt(1n, 4_000n), { freq: 4 }), { maxLength: 3 }),
  /** In a campaign of another currency a till may count in that one or in its own. */
  isInOwnCurrency: fc.boolean(),
  isReturnOfOtherMoney: fc.nat({ max: 9 }).map((roll) => roll === 0),
});
type ReceiptSpec = typeof receiptSpec extends fc.Arbitrary<infer T> ? T : never;
type RedemptionSpec = typeof redemptionSpec extends fc.Arbitrary<infer T> ? T : never;

/** How the facts arrive: in which order, how many at a time, and what the worker does after each arrival. */
const delivery = fc.record({
  order: fc.array(fc.nat({ max: 10_000 }), { minLength: 100, maxLength: 100 }),
  atOnce: fc.integer({ min: 1, max: 6 }),
  worker: fc.array(
    fc.constantFrom('sleeps', 'newest', 'all', 'newest twice', 'turn', 'turns', 'small turns'),
    {
      minLength: 100,
      maxLength: 100,
    },
  ),
  /** Whether an arrival is shared out by redeemer, for workers that take turns, or has one row that is done by its id. */
  isShared: fc.array(fc.boolean(), { minLength: 100, maxLength: 100 }),
});

/** One rate for some of the days, in either direction, that comes before, among or after the facts, or never. */
const rateSpec = fc.record({
  from: fc.nat({ max: 12 }).map((day) =>
    hour(24 * day)
      .toISOString()
      .slice(0, 10),
  ),
  rate: fc.constantFrom('160.25', '1.6', '0.03'),
  isInverse: fc.boolean(),
  comesAt: fc.option(fc.nat({ max: 25 }), { freq: 4 }),
});
type RateSpec = typeof rateSpec extends fc.Arbitrary<infer T> ? T : never;

it('the rollups are what the facts say, in whatever order they arrive and however often they are named', async () => {
  const specs = fc.array(fc.oneof({ weight: 3, arbitrary: redemptionSpec }, receiptSpec), {
    minLength: 1,
    maxLength: 20,
    size: 'max',
  });
  await fc.assert(
    fc.asyncProperty(specs, delivery, rateSpec, async (given, how, rate) => {
      await bench.forgetFacts();
      const facts = given.flatMap((spec, index) =>
        spec.kind === 'receipt' ? soldBy(spec, index) : redeemedBy(spec, index),
      );
      await deliver(inOrder(facts, how.order), how, rate);
      expect(await bench.rollups(programme)).toEqual(naiveRollups(programme, facts, foreignAt(rate)));
      expect(await bench.clerkDays(programme)).toEqual(naiveClerkDays(programme, facts, foreignAt(rate)));
    }),
    { numRuns: RUNS },
  );
}, 120_000);

/** A rate is one for eight days, the first among them, however early or late it came. */
function foreignAt({ from, rate, isInverse, comesAt }: RateSpec): Foreign {
  const [whole = '', fraction = ''] = rate.split('.');
  // A yen has no cents: 160.25 yen for 100 cents.
  const yen = BigInt(whole + fraction);
  const cents = 100n * 10n ** BigInt(fraction.length);
  const reversed = { base: BigInt(whole + fraction) * 100n, quote: 10n ** BigInt(fraction.length) };
  const perCent = isInverse ? reversed : { base: cents, quote: yen };
  const until = new Date(Date.parse(from) + 7 * 86_400_000).toISOString().slice(0, 10);
  return {
    currencies: new Map([[programme.campaignIds[1]!, 'JPY']]),
    rateOn: (base, quote, day) =>
      base === 'EUR' && quote === 'JPY' && comesAt !== null && day >= from && day <= until
        ? perCent
        : undefined,
  };
}

async function importRate({ from, rate, isInverse }: RateSpec): Promise<void> {
  const pair = isInverse ? { base: 'JPY', quote: 'EUR' } : { base: 'EUR', quote: 'JPY' };
  await bench.importRate({ ...pair, validFrom: from, rate });
}

async function deliver(
  facts: readonly Fact[],
  { atOnce, worker, isShared }: typeof delivery extends fc.Arbitrary<infer T> ? T : never,
  rate: RateSpec,
): Promise<void> {
  const waiting: string[] = [];
  let isImported = rate.comesAt === null;
  for (let start = 0; start < facts.length; start += atOnce) {
    if (!isImported && start >= rate.comesAt!) {
      await importRate(rate);
      isImported = true;
    }
    const arrived = facts.slice(start, start + atOnce);
    waiting.push(...(isShared[start] ? await bench.share(...arrived) : [await bench.post(...arrived)]));
    const move = worker[start];
    if (move === 'newest twice') waiting.push(await bench.name(...arrived));
    if (move === 'newest' || move === 'newest twice') await bench.service.attribute(waiting.splice(-1));
    if (move === 'all') await bench.service.attribute(waiting.splice(0));
    if (move === 'turn') await bench.service.takeTurn();
    if (move === 'small turns') for (const size of [1, 2, 3]) await bench.service.takeTurn(size);
    if (move === 'turns') await bench.takeTurns();
  }
  if (isShared[99]) await bench.takeTurns();
  for (const row of waiting.reverse()) await bench.service.attribute([row]);
  if (!isImported) await importRate(rate);
  await bench.takeTurns();
}

function inOrder(facts: readonly Fact[], order: readonly number[]): Fact[] {
  return facts
    .map((fact, index) => ({ fact, rank: order[index % order.length] ?? 0 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ fact }) => fact);
}

function soldBy(
  { partner, channel, customer, halfDay, recordedHour, ...rest }: ReceiptSpec,
  index: number,
): Fact[] {
  const { redeemer, channelId } = at(partner, channel);
  const when = { occurredAt: hour(12 * halfDay), recordedAt: hour(recordedHour) };
  const { number, total, costOfGoods: cost } = rest;
  const id = numbered(index);
  return [
    receipt(
      aReceipt(redeemer, {
        id,
        number,
        total,
        costOfGoods: cost,
        channelId,
        ...when,
        customerId: known(customer),
      }),
    ),
  ];
}

function redeemedBy(spec: RedemptionSpec, index: number): Fact[] {
  const { redeemer, channelId } = at(spec.partner, spec.channel);
  const { subtotal, discount, giftCost, termsVersion, customerStatus, costOfGoods: cost } = spec;
  const code = redeemer.codes[spec.code] as Code;
  const isForeign = code.campaignId === programme.campaignIds[1];
  const currency = isForeign && !spec.isInOwnCurrency ? 'JPY' : 'EUR';
  const fact = aRedemption(redeemer, code, {
    ...{ id: numbered(index), channelId, receiptNumber: spec.number, occurredAt: hour(12 * spec.halfDay) },
    ...{
      currency,
      subtotal,
      discount,
      giftCost,
      termsVersion,
      customerStatus,
      costOfGoods: cost,
      customerId: known(spec.customer),
    },
    offline: spec.offline,
    clerk: spec.clerk,
    ...(spec.isRefused && { status: 'refused', reason: 'code.used-up', leakedDiscount: spec.leaked }),
  });
  const money = spec.isReturnOfOtherMoney ? 'GBP' : currency;
  const returns = spec.returned.map((amount) => aWaitingReversal(fact, amount, money));
  return [redemption(fact), ...returns.map(waitingReversal)];
}

function at(partner: number, channel: number) {
  const redeemer = programme.redeemers[partner] as Redeemer;
  return { redeemer, channelId: redeemer.channelIds[channel] ?? '' };
}

function known(customer: number | null): string | null {
  return customer === null ? null : (CUSTOMERS[customer] ?? null);
}

/** Ids decide between facts of the same instant, so a failing run must get the same ones when it is repeated. */
function numbered(index: number): string {
  return `00000000-0000-7000-8000-${String((index * 7_919) % 10_007).padStart(12, '0')}`;
}
