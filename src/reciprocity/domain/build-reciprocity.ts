import {
  amount,
  count,
  type Figure,
  type Quantity,
  renderFigure,
  type RenderedFigure,
  renderFigures,
  undefinedBecause,
} from '../../kernel/figure.js';
import { formatRatio, type Ratio } from '../../kernel/ratio.js';
import { type Balance, balancePair, type BalanceVerdict, NO_RATE } from './balance-pairs.js';
import type { ReciprocitySource } from './reciprocity-source.js';
import { type PairSums, sumPairs } from './sum-pairs.js';

export const PAIR_FIGURES = [
  ...(['redemptions', 'promoReceipts', 'customers', 'newCustomers', 'unknownCustomers'] as const),
  ...(['revenue', 'discountGiven', 'borneByIssuer', 'borneByRedeemer'] as const),
] as const;
type PairFigureName = (typeof PAIR_FIGURES)[number];

/** What is balanced between two partners. */
export const BALANCED = ['redemptions', 'customers', 'newCustomers', 'revenue'] as const;
type BalancedName = (typeof BALANCED)[number];

/** Who sent whom what in a campaign, as the API answers it. */
export interface Reciprocity {
  readonly campaignId: string;
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  /** Percent. */
  readonly tolerance: string | null;
  readonly pairs: readonly PairAnswer[];
  readonly balances: readonly PairBalance[];
}

export interface PairAnswer {
  readonly issuerPartnerId: string;
  readonly redeemerPartnerId: string;
  readonly label: string;
  readonly figures: Readonly<Record<PairFigureName, RenderedFigure>>;
}

/** The first partner is the one whose offer comes first; figures are what it sent less what it received. */
export interface PairBalance {
  readonly partnerId: string;
  readonly otherPartnerId: string;
  readonly label: string;
  readonly figures: Readonly<Record<BalancedName, BalanceAnswer>>;
}

export interface BalanceAnswer {
  readonly balance: RenderedFigure;
  readonly imbalance: RenderedFigure;
  readonly verdict?: BalanceVerdict;
}

export function buildReciprocity(source: ReciprocitySource): Reciprocity {
  const { campaignId, period, currency, tolerance } = source;
  const pairs = sumPairs(source);
  return {
    ...{ campaignId, ...period, currency, tolerance: tolerance && formatPercent(tolerance) },
    pairs: pairs.map((pair) => ({
      issuerPartnerId: pair.issuerPartnerId,
      redeemerPartnerId: pair.redeemerPartnerId,
      label: label(source, pair.issuerPartnerId, pair.redeemerPartnerId, 'to'),
      figures: renderFigures(pairFigures(pair, currency)),
    })),
    balances: balancesOf(source, pairs),
  };
}

function pairFigures(pair: PairSums, currency: string): Record<PairFigureName, Figure> {
  const { receiptsWithoutRate, redemptionsWithoutRate } = pair;
  const ofReceipts = (minor: bigint) => convertedAmount(minor, currency, { receiptsWithoutRate });
  const ofRedemptions = (minor: bigint) => convertedAmount(minor, currency, { redemptionsWithoutRate });
  return {
    redemptions: count(pair.redemptions),
    promoReceipts: count(pair.promoReceipts),
    customers: count(pair.customers),
    newCustomers: count(pair.newCustomers),
    unknownCustomers: count(pair.unknownCustomers),
    revenue: ofReceipts(pair.revenue),
    discountGiven: ofRedemptions(pair.discount),
    borneByIssuer: ofRedemptions(pair.borne.issuer),
    borneByRedeemer: ofRedemptions(pair.borne.redeemer),
  };
}

/** Money, or nothing while facts wait for the exchange rate of their day. */
function convertedAmount(minor: bigint, currency: string, waiting: Readonly<Record<string, bigint>>): Figure {
  if (Object.values(waiting).every((facts) => facts === 0n)) return amount(minor, currency);
  const parts = Object.fromEntries(Object.entries(waiting).map(([name, facts]) => [name, count(facts)]));
  return undefinedBecause(NO_RATE, parts);
}

/** Each two partners once, in the order of the first offer between them. */
function balancesOf(source: ReciprocitySource, pairs: readonly PairSums[]): PairBalance[] {
  return pairs.flatMap((sent, index) => {
    const isBack = (other: PairSums): boolean =>
      other.issuerPartnerId === sent.redeemerPartnerId && other.redeemerPartnerId === sent.issuerPartnerId;
    if (pairs.slice(0, index).some(isBack)) return [];
    const received = pairs.find(isBack);
    const { issuerPartnerId: partnerId, redeemerPartnerId: otherPartnerId } = sent;
    const entries = BALANCED.map((name) => [name, renderBalance(balanceOf(source, name, sent, received))]);
    return [
      {
        ...{ partnerId, otherPartnerId, label: label(source, partnerId, otherPartnerId, 'and') },
        figures: Object.fromEntries(entries) as PairBalance['figures'],
      },
    ];
  });
}

function balanceOf(
  { currency, tolerance }: ReciprocitySource,
  name: BalancedName,
  sent: PairSums,
  received: PairSums | undefined,
): Balance {
  const receiptsWithoutRate = sent.receiptsWithoutRate + (received?.receiptsWithoutRate ?? 0n);
  if (name === 'revenue' && receiptsWithoutRate > 0n) {
    const unknown = convertedAmount(0n, currency, { receiptsWithoutRate });
    return { balance: unknown, imbalance: unknown };
  }
  return balancePair(
    quantity(sent, name, currency),
    received ? quantity(received, name, currency) : null,
    tolerance,
  );
}

function quantity(pair: PairSums, name: BalancedName, currency: string): Quantity {
  return name === 'revenue' ? amount(pair.revenue, currency) : count(pair[name]);
}

function renderBalance({ balance, imbalance, verdict }: Balance): BalanceAnswer {
  const figures = { balance: renderFigure(balance), imbalance: renderFigure(imbalance) };
  return verdict ? { ...figures, verdict } : figures;
}

function label({ partnerNames }: ReciprocitySource, one: string, other: string, word: string): string {
  return `${partnerNames.get(one) ?? one} ${word} ${partnerNames.get(other) ?? other}`;
}

function formatPercent(percent: Ratio): string {
  return formatRatio(percent, 3).replace(/\.?0+$/, '');
}
