import fc from 'fast-check';
import {
  aReceipt,
  aRedemption,
  aWaitingReversal,
  type Code,
  type Fact,
  hour,
  type Programme,
  type Redeemer,
} from './attribution-builders.js';

const CUSTOMERS = ['00000000-0000-7000-9000-000000000001', '00000000-0000-7000-9000-000000000002'];

// Few receipts, customers and instants, so that facts meet.
const visit = {
  partner: fc.constantFrom(0, 0, 1),
  channel: fc.constantFrom(0, 0, 1),
  number: fc.constantFrom('R1', 'R2', 'R3'),
  customer: fc.constantFrom(null, ...CUSTOMERS),
  halfDay: fc.nat({ max: 24 }),
  cost: fc.constantFrom(null, 1_999n, 3_000n),
};
const sale = fc.record({ ...visit, total: fc.bigInt(0n, 9_000n), recordedHour: fc.nat({ max: 50 }) });
const use = fc.record({
  ...visit,
  code: fc.nat({ max: 7 }),
  outcome: fc.constantFrom('accepted', 'accepted', 'accepted', 'refused'),
  terms: fc.constantFrom(1, 2),
  claim: fc.constantFrom(null, 'new' as const, 'returning' as const),
  subtotal: fc.bigInt(1_000n, 9_000n),
  discount: fc.bigInt(0n, 1_000n),
  gift: fc.constantFrom(0n, 150n),
  offline: fc.boolean(),
  clerk: fc.constantFrom(null, 'ann', 'bob'),
  currency: fc.constantFrom('EUR', 'EUR', 'USD'),
  /** Amounts that are asked back, which may be too much; null: all that is left. */
  returned: fc.array(fc.option(fc.bigInt(1n, 4_000n), { freq: 3 }), { maxLength: 2 }),
});

/** Facts of a programme in the order in which they are recorded, any of which may be of any age. */
export function randomFacts(programme: Programme, maxLength: number): fc.Arbitrary<Fact[]> {
  const one = fc.oneof(
    { weight: 3, arbitrary: use.map((spec) => (index: number) => redeemed(programme, spec, index)) },
    sale.map((spec) => (index: number) => [sold(programme, spec, index)]),
  );
  return fc
    .tuple(
      fc.array(one, { minLength: 1, maxLength, size: 'max' }),
      fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
    )
    .map(([makers, ranks]) =>
      makers
        .flatMap((make, index) => make(index))
        .map((fact, index) => ({ fact, rank: ranks[index % ranks.length] ?? 0 }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ fact }) => fact),
    );
}

type Use = typeof use extends fc.Arbitrary<infer T> ? T : never;
type Sale = typeof sale extends fc.Arbitrary<infer T> ? T : never;

function redeemed(programme: Programme, spec: Use, index: number): Fact[] {
  const { redeemer, channelId } = at(programme, spec);
  const { subtotal, discount, currency, gift: giftCost, offline, clerk } = spec;
  const fact = aRedemption(redeemer, redeemer.codes[spec.code] as Code, {
    ...{ id: numbered(index), channelId, receiptNumber: spec.number, occurredAt: hour(12 * spec.halfDay) },
    ...{
      subtotal,
      discount,
      currency,
      giftCost,
      offline,
      clerk,
      termsVersion: spec.terms,
      costOfGoods: spec.cost,
    },
    ...{ customerId: spec.customer, customerStatus: spec.claim },
    ...(spec.outcome === 'refused' && {
      status: 'refused',
      reason: 'code.used-up',
      leakedDiscount: discount,
    }),
  });
  const returns = spec.returned.map((amount) => aWaitingReversal(fact, amount));
  return [
    { kind: 'redemption', fact },
    ...returns.map((one): Fact => ({ kind: 'waiting-reversal', fact: one })),
  ];
}

function sold(programme: Programme, spec: Sale, index: number): Fact {
  const { redeemer, channelId } = at(programme, spec);
  const when = { occurredAt: hour(12 * spec.halfDay), recordedAt: hour(spec.recordedHour) };
  const money = { total: spec.total, costOfGoods: spec.cost };
  const who = { channelId, number: spec.number, customerId: spec.customer };
  return { kind: 'receipt', fact: aReceipt(redeemer, { id: numbered(index), ...when, ...money, ...who }) };
}

function at(programme: Programme, { partner, channel }: Pick<Use, 'partner' | 'channel'>) {
  const redeemer = programme.redeemers[partner] as Redeemer;
  return { redeemer, channelId: redeemer.channelIds[channel] ?? '' };
}

/** Ids decide between facts of one instant: a failing run must get the same ones when it is repeated. */
function numbered(index: number): string {
  return `00000000-0000-7000-8000-${String((index * 7_919) % 10_007).padStart(12, '0')}`;
}
