import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseRatio, ratio } from '../../kernel/ratio.js';
import { balancePair } from './balance-pairs.js';
import { bearDiscount } from './bear-discount.js';
import { buildReciprocity } from './build-reciprocity.js';
import type { OfferCell, ReciprocitySource } from './reciprocity-source.js';

const cell = (offerId: string, overrides: Partial<OfferCell> = {}): OfferCell => ({
  ...{ offerId, redemptions: 1n, newCustomers: 0n, unknownCustomers: 0n, discount: 1_00n, unconverted: 0n },
  ...overrides,
});
const receiptsOf = (groupId: string, redeemerPartnerId: string, promoReceipts: bigint, revenue: bigint) => ({
  ...{ groupId, redeemerPartnerId, promoReceipts, revenue, unconvertedReceipts: 0n },
});
const offer = (id: string, issuerPartnerId: string, redeemerPartnerId: string) => ({
  ...{ id, issuerPartnerId, redeemerPartnerId },
});

// The café sends guests to the gym with two offers, the gym some back with one; the bank only sends.
const buildSource = (overrides: Partial<ReciprocitySource> = {}): ReciprocitySource => ({
  ...{ campaignId: 'campaign', currency: 'EUR', period: { from: '2026-06-01', to: '2026-07-01' } },
  tolerance: parseRatio('20'),
  offers: [
    ...[offer('o1', 'cafe', 'gym'), offer('o2', 'gym', 'cafe'), offer('o3', 'cafe', 'gym')],
    ...[offer('o4', 'bank', 'gym'), offer('o5', 'gym', 'gym')],
  ],
  ...{ cells: [], customers: [], receipts: [] },
  partnerNames: new Map([
    ['cafe', 'Café'],
    ['gym', 'Gym'],
  ]),
  ...overrides,
});

const BUSY = buildSource({
  cells: [
    cell('o1', { redemptions: 40n, newCustomers: 15n, discount: 200_00n, unknownCustomers: 5n }),
    cell('o3', { redemptions: 8n, newCustomers: 3n, discount: 25_00n }),
    cell('o2', { redemptions: 24n, newCustomers: 6n, discount: 60_00n }),
    cell('o5', { redemptions: 99n }),
  ],
  customers: [
    { issuerPartnerId: 'cafe', redeemerPartnerId: 'gym', customers: 30n },
    { issuerPartnerId: 'cafe', redeemerPartnerId: 'gym', customers: 8n },
    { issuerPartnerId: 'gym', redeemerPartnerId: 'cafe', customers: 20n },
    { issuerPartnerId: 'gym', redeemerPartnerId: 'gym', customers: 90n },
  ],
  receipts: [receiptsOf('cafe', 'gym', 45n, 2_025_00n), receiptsOf('gym', 'cafe', 24n, 540_00n)],
});

describe('bearDiscount', () => {
  it('leaves all of it with the redeemer, to the cent', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n }), (discount) => {
        const { issuer, redeemer } = bearDiscount(discount);
        expect([issuer, issuer + redeemer]).toEqual([0n, discount]);
      }),
    );
  });
});

describe('the pairs of a campaign', () => {
  it('are issuer and redeemer in the order of the offers, without codes of one’s own', () => {
    const pairs = buildReciprocity(BUSY).pairs.map((pair) => [pair.issuerPartnerId, pair.redeemerPartnerId]);
    expect(pairs).toEqual([
      ['cafe', 'gym'],
      ['gym', 'cafe'],
      ['bank', 'gym'],
    ]);
  });

  it('add up the offers between them; receipts and customers are counted once for the pair', () => {
    // 40 + 8 redemptions, 15 + 3 new customers, 200.00 + 25.00
    expect(buildReciprocity(BUSY).pairs[0]).toMatchObject({
      label: 'Café to Gym',
      figures: {
        redemptions: { value: '48' },
        promoReceipts: { value: '45' },
        customers: { value: '38' },
        newCustomers: { value: '18' },
        unknownCustomers: { value: '5' },
        revenue: { value: '2025.00', unit: 'EUR' },
        discountGiven: { value: '225.00' },
        borneByIssuer: { value: '0.00' },
        borneByRedeemer: { value: '225.00' },
      },
    });
  });

  it('between which nothing happened are there with zeros', () => {
    expect(buildReciprocity(BUSY).pairs[2]).toMatchObject({
      label: 'bank to Gym',
      figures: { redemptions: { value: '0' }, revenue: { value: '0.00' } },
    });
  });
});

describe('the balance of two partners', () => {
  const [both, oneWay] = buildReciprocity(BUSY).balances;

  it('is what the first sent less what came back, and how one-sided that is', () => {
    // redemptions 48 - 24 = 24 of 72: 33.3 %; customers 38 - 20 = 18 of 58; revenue 2,025 - 540 = 1,485 of 2,565
    expect(both).toMatchObject({
      ...{ partnerId: 'cafe', otherPartnerId: 'gym', label: 'Café and Gym' },
      figures: {
        redemptions: {
          balance: { value: '24', parts: { sent: '48', received: '24' } },
          imbalance: { value: '33.333333', unit: '%' },
          verdict: 'exceeded',
        },
        customers: { balance: { value: '18' }, imbalance: { value: '31.034483' }, verdict: 'exceeded' },
        newCustomers: { balance: { value: '12' }, imbalance: { value: '50' } },
        revenue: { balance: { value: '1485.00', unit: 'EUR' }, imbalance: { value: '57.894737' } },
      },
    });
  });

  it('of a campaign in one direction has no imbalance: nobody agreed to send anything back', () => {
    expect(oneWay).toMatchObject({
      label: 'bank and Gym',
      figures: { redemptions: { balance: { value: '0' }, imbalance: { undefined: 'one-way' } } },
    });
    expect(oneWay?.figures.redemptions).not.toHaveProperty('verdict');
  });

  it('without an agreed tolerance is told and not judged', () => {
    const [untold] = buildReciprocity({ ...BUSY, tolerance: null }).balances;
    expect(untold?.figures.redemptions).not.toHaveProperty('verdict');
    expect(untold?.figures.redemptions.imbalance).toMatchObject({ value: '33.333333' });
  });

  it('in money is unknown while receipts of either side wait for an exchange rate; counts are told', () => {
    const [, back] = BUSY.receipts;
    const waiting = { ...BUSY, receipts: [BUSY.receipts[0]!, { ...back!, unconvertedReceipts: 2n }] };
    const { pairs, balances } = buildReciprocity(waiting);
    const unknown = { undefined: 'no-exchange-rate', parts: { receiptsWithoutRate: '2' } };
    expect(pairs[0]?.figures.revenue).toMatchObject({ value: '2025.00' });
    expect(pairs[1]?.figures).toMatchObject({ revenue: unknown, discountGiven: { value: '60.00' } });
    expect(balances[0]?.figures).toMatchObject({
      ...{ revenue: { balance: unknown, imbalance: unknown }, redemptions: { balance: { value: '24' } } },
    });
    expect(balances[0]?.figures.revenue).not.toHaveProperty('verdict');
  });

  it('of nothing is undefined', () => {
    expect(buildReciprocity(buildSource()).balances[0]?.figures.revenue).toMatchObject({
      balance: { value: '0.00' },
      imbalance: { undefined: 'nothing-exchanged' },
    });
  });

  it('is within the tolerance when it is just as large', () => {
    const of = (value: bigint) => ({ value: ratio(value, 1n), unit: 'count' });
    // 60 - 40 = 20 of 100
    expect(balancePair(of(60n), of(40n), ratio(20n, 1n)).verdict).toBe('within');
    expect(balancePair(of(61n), of(40n), ratio(20n, 1n)).verdict).toBe('exceeded');
  });

  it('mirrors: seen from the other side the sign turns and the imbalance stays', () => {
    const quantity = fc.bigInt(0n, 1_000n).map((value) => ({ value: ratio(value, 100n), unit: 'EUR' }));
    const tolerance = fc.bigInt(0n, 100n).map((percent) => ratio(percent, 1n));
    fc.assert(
      fc.property(quantity, quantity, tolerance, (sent, received, agreed) => {
        const [one, other] = [balancePair(sent, received, agreed), balancePair(received, sent, agreed)];
        if ('undefined' in one.balance || 'undefined' in other.balance) throw new Error('undefined balance');
        expect(one.balance.value.numerator).toBe(-other.balance.value.numerator);
        expect(one.verdict).toBe(other.verdict);
        if ('undefined' in one.imbalance) return expect(other.imbalance).toMatchObject(one.imbalance);
        const { numerator, denominator } = one.imbalance.value;
        expect(numerator >= 0n && numerator <= 100n * denominator).toBe(true);
        expect(other.imbalance).toMatchObject({ value: one.imbalance.value });
      }),
    );
  });
});

describe('the reciprocity of any campaign', () => {
  const small = fc.bigInt(0n, 50n);
  const anyCell = fc.record<OfferCell>({
    offerId: fc.constantFrom('o1', 'o2', 'o3', 'o4', 'o5'),
    ...{ redemptions: small, newCustomers: small, unknownCustomers: small, discount: small },
    unconverted: fc.constant(0n),
  });

  it('of two adjacent periods adds up to that of both, whatever the order of the rows', () => {
    fc.assert(
      fc.property(fc.array(anyCell), fc.array(anyCell), (first, second) => {
        const whole = buildReciprocity(buildSource({ cells: [...first, ...second].reverse() })).pairs;
        const parts = [first, second].map((cells) => buildReciprocity(buildSource({ cells })).pairs);
        whole.forEach(({ figures }, index) => {
          const of = (name: 'redemptions' | 'discountGiven') =>
            parts
              .map((pairs) => pairs[index]?.figures[name])
              .map((figure) => (figure && 'value' in figure ? figure.value : '0'));
          const total = (values: string[]) =>
            values
              .map(parseRatio)
              .reduce((a, b) =>
                ratio(
                  a.numerator * b.denominator + b.numerator * a.denominator,
                  a.denominator * b.denominator,
                ),
              );
          for (const name of ['redemptions', 'discountGiven'] as const) {
            const figure = figures[name];
            expect('value' in figure && parseRatio(figure.value)).toEqual(total(of(name)));
          }
        });
      }),
      { numRuns: 50 },
    );
  });
});
