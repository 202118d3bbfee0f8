import {
  amount,
  count,
  type Figure,
  type Quantity,
  renderFigure,
  type RenderedFigure,
  renderFigures,
} from '../../kernel/figure.js';
import { formatRatio, type Ratio } from '../../kernel/ratio.js';
import { type Balance, balancePair, type BalanceVerdict } from './balance-pairs.js';
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
  return {
    redemptions: count(pair.redemptions),
    promoReceipts: count(pair.promoReceipts),
    customers: count(pair.customers),
    newCustomers: count(pair.newCustomers),
    unknownCustomers: count(pair.unknownCustomers),
    revenue: amount(pair.revenue, currency),
    discountGiven: amount(pair.discount, currency),
    borneByIssuer: amount(pair.borne.issuer, currency),
    borneByRedeemer: amount(pair.borne.redeemer, currency),
  };
}

/** Each two partners once, in the order of the first offer between them. */
function balancesOf(source: ReciprocitySource, pairs: readonly PairSums[]): PairBalance[] {
  return pairs.flatMap((sent, index) => {
    const isBack = (other: PairSums): boolean =>
      other.issuerPartnerId === sent.redeemerPartnerId && other.redeemerPartnerId === sent.issuerPartnerId;
    if (pairs.slice(0, index).some(isBack)) return [];
    const received = pairs.find(isBack);
    const { issuerPartnerId: partnerId, redeemerPartnerId: otherPartnerId } = sent;
    const entries = BALANCED.map((name) => {
      const back = received ? quantity(received, name, source.currency) : null;
      return [
        name,
        renderBalance(balancePair(quantity(sent, name, source.currency), back, source.tolerance)),
      ];
    });
    return [
      {
        ...{ partnerId, otherPartnerId, label: label(source, partnerId, otherPartnerId, 'and') },
        figures: Object.fromEntries(entries) as PairBalance['figures'],
      },
    ];
  });
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
