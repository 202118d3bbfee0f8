import { bearDiscount, type BorneDiscount } from './bear-discount.js';
import type { ReciprocitySource } from './reciprocity-source.js';

/** An issuer that sends customers to a redeemer, and what came of it; amounts in minor units. */
export interface PairSums {
  readonly issuerPartnerId: string;
  readonly redeemerPartnerId: string;
  readonly redemptions: bigint;
  readonly promoReceipts: bigint;
  readonly customers: bigint;
  readonly newCustomers: bigint;
  readonly unknownCustomers: bigint;
  readonly revenue: bigint;
  readonly receiptsWithoutRate: bigint;
  readonly discount: bigint;
  readonly redemptionsWithoutRate: bigint;
  readonly borne: BorneDiscount;
}

type Pair = Pick<PairSums, 'issuerPartnerId' | 'redeemerPartnerId'>;

/**
 * Every ordered pair of different partners that has an offer, in the order of the campaign's offers. What a partner redeems of
 * its own codes is no exchange. Redemptions, new customers and discounts add up over the offers of a pair; receipts and
 * customers are counted once per pair, as they come.
 */
export function sumPairs(source: ReciprocitySource): PairSums[] {
  return pairsOf(source).map((pair) => {
    const offers = new Set(source.offers.filter((offer) => isOf(pair, offer)).map(({ id }) => id));
    const cells = source.cells.filter(({ offerId }) => offers.has(offerId));
    const customers = source.customers.filter((one) => isOf(pair, one));
    const receipts = source.receipts.filter((one) => isOf(pair, { ...one, issuerPartnerId: one.groupId }));
    const discount = sum(cells, (cell) => cell.discount);
    return {
      ...pair,
      redemptions: sum(cells, (cell) => cell.redemptions),
      promoReceipts: sum(receipts, ({ promoReceipts }) => promoReceipts),
      customers: sum(customers, (one) => one.customers),
      newCustomers: sum(cells, (cell) => cell.newCustomers),
      unknownCustomers: sum(cells, (cell) => cell.unknownCustomers),
      revenue: sum(receipts, ({ revenue }) => revenue),
      receiptsWithoutRate: sum(receipts, ({ unconvertedReceipts }) => unconvertedReceipts),
      discount,
      redemptionsWithoutRate: sum(cells, ({ unconverted }) => unconverted),
      borne: bearDiscount(discount),
    };
  });
}

function pairsOf({ offers }: ReciprocitySource): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const { issuerPartnerId, redeemerPartnerId } of offers) {
    if (issuerPartnerId === redeemerPartnerId) continue;
    pairs.set(`${issuerPartnerId} ${redeemerPartnerId}`, { issuerPartnerId, redeemerPartnerId });
  }
  return [...pairs.values()];
}

function isOf(pair: Pair, other: Pair): boolean {
  return pair.issuerPartnerId === other.issuerPartnerId && pair.redeemerPartnerId === other.redeemerPartnerId;
}

function sum<T>(items: readonly T[], value: (item: T) => bigint): bigint {
  return items.reduce((total, item) => total + value(item), 0n);
}
