import {
  ATTRIBUTION_MODELS,
  type AttributionModel,
  type Comparison,
} from '../../attribution/domain/compare-models.js';
import { CONVERSION_PARTS, type Credits, type NoCredits } from '../../attribution/domain/credits.js';
import {
  count,
  defined,
  type Figure,
  renderFigure,
  type RenderedFigure,
  undefinedBecause,
} from '../../kernel/figure.js';
import { formatMoney } from '../../kernel/money.js';
import type { LocalPeriod } from '../../kernel/period.js';
import { type Ratio, ratio } from '../../kernel/ratio.js';
import type { CreditGroup, CreditGroupBy, CreditKey } from './credit-groups.js';

/** Why something has no value. A closed list: consumers may branch on it. */
export const CREDIT_REASONS = ['too-many-parties', 'no-journeys', 'no-redemptions'] as const;

/** Models side by side, with what they were asked for. */
export interface CampaignCredits {
  readonly campaignId: string;
  readonly period: LocalPeriod;
  readonly currency: string;
  readonly groupBy: CreditGroupBy;
  readonly halfLifeDays: number;
  readonly models: readonly AttributionModel[];
  /** By the number of the party. */
  readonly groups: readonly CreditGroup[];
  readonly comparison: Comparison;
  /** Promo receipts whose revenue nobody can convert yet: as long as there are any, no amount is known. */
  readonly receiptsWithoutRate: bigint;
}

export interface MoneyAnswer {
  readonly amount: string;
  readonly currency: string;
}

/** An amount, or nothing while receipts in another currency wait for the exchange rate of their day. */
export type AmountAnswer =
  MoneyAnswer | { readonly undefined: 'no-exchange-rate'; readonly parts: { receiptsWithoutRate: string } };

/** The amount as a decimal, or the reason why there is none: one cell of a table. */
export function amountText(amount: AmountAnswer): string {
  return 'undefined' in amount ? amount.undefined : amount.amount;
}

/** What a model gives to a group: redemptions with up to six decimals, which add up exactly, and money. */
export type CreditAnswer =
  { readonly redemptions: string; readonly amount: AmountAnswer } | { readonly undefined: string };

export interface CreditGroupAnswer {
  readonly key: CreditKey;
  readonly label: string;
  readonly credits: Partial<Record<AttributionModel, CreditAnswer>>;
}

export interface EffectAnswer {
  readonly key: CreditKey;
  readonly label: string;
  readonly effect: RenderedFigure;
}

/** Credits as the API answers them. Every model's column adds up to the totals. */
export interface CreditsAnswer {
  readonly campaignId: string;
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  readonly groupBy: CreditGroupBy;
  readonly models: readonly AttributionModel[];
  readonly halfLifeDays: number;
  readonly journeys: { readonly all: number; readonly converting: number; readonly null: number };
  readonly totals: { readonly redemptions: string; readonly amount: AmountAnswer };
  readonly groups: readonly CreditGroupAnswer[];
  readonly diagnostics: {
    readonly markov?: {
      readonly conversionProbability: RenderedFigure;
      readonly removalEffects: readonly EffectAnswer[];
    };
    readonly shapley?: { readonly rateEffects: readonly EffectAnswer[] };
  };
}

export function renderCredits(credits: CampaignCredits): CreditsAnswer {
  const { campaignId, period, currency, groupBy, halfLifeDays, comparison } = credits;
  const toAmount = amountsOf(credits);
  const { conversions, nulls, value } = comparison;
  const models = ATTRIBUTION_MODELS.filter((model) => credits.models.includes(model));
  return {
    ...{ campaignId, ...period, currency, groupBy, models, halfLifeDays },
    journeys: { all: conversions + nulls, converting: conversions, null: nulls },
    totals: { redemptions: `${conversions}`, amount: toAmount(value) },
    groups: renderGroups(credits, (group, party) => ({
      ...group,
      credits: Object.fromEntries(
        models.map((model) => [model, toCredit(comparison.credits.get(model), party, toAmount)]),
      ),
    })),
    diagnostics: {
      ...(models.includes('markov') && { markov: renderMarkov(credits) }),
      ...(models.includes('shapley') && {
        shapley: { rateEffects: renderEffects(credits, comparison.rateEffects, 'no-journeys') },
      }),
    },
  };
}

function renderMarkov(credits: CampaignCredits): CreditsAnswer['diagnostics']['markov'] & object {
  const { removal, conversions, nulls } = credits.comparison;
  const parts = { redemptions: count(conversions), journeys: count(conversions + nulls) };
  const probability = toFigure(conversions + nulls, 'no-journeys', removal?.conversionProbability);
  return {
    conversionProbability: renderFigure({ ...probability, parts }),
    removalEffects: renderEffects(credits, removal?.effects, 'no-redemptions'),
  };
}

function renderEffects(
  credits: CampaignCredits,
  effects: readonly Ratio[] | undefined,
  reason: 'no-journeys' | 'no-redemptions',
): EffectAnswer[] {
  const { conversions, nulls } = credits.comparison;
  const base = reason === 'no-redemptions' ? conversions : conversions + nulls;
  return renderGroups(credits, (group, party) => ({
    ...group,
    effect: renderFigure(toFigure(base, reason, effects && (effects[party] ?? ratio(0n, 1n)))),
  }));
}

/** A ratio of `base`; without a base there is none, and without a value there were too many parties to find it. */
function toFigure(base: number, reason: 'no-journeys' | 'no-redemptions', value: Ratio | undefined): Figure {
  if (!value) return undefinedBecause('too-many-parties');
  return base === 0 ? undefinedBecause(reason) : defined(value, 'ratio');
}

/** By label, for people; parties are numbered by what does not change. */
function renderGroups<T>({ groups }: CampaignCredits, render: (group: CreditGroup, party: number) => T): T[] {
  const order = [...groups.entries()].sort(([one, a], [other, b]) =>
    a.label === b.label ? one - other : a.label < b.label ? -1 : 1,
  );
  return order.map(([party, group]) => render(group, party));
}

function toCredit(
  credits: Credits | NoCredits | undefined,
  party: number,
  toAmount: (minor: bigint) => AmountAnswer,
): CreditAnswer {
  if (!credits || 'undefined' in credits) return { undefined: credits?.undefined ?? 'too-many-parties' };
  const conversions = ratio(credits.conversions[party] ?? 0n, CONVERSION_PARTS);
  return {
    redemptions: renderCount(conversions),
    amount: toAmount(credits.amounts[party] ?? 0n),
  };
}

function renderCount(value: Ratio): string {
  const rendered = renderFigure(defined(value, 'count'));
  return 'value' in rendered ? rendered.value : '';
}

/** A receipt that is missing would be missing in the credit of somebody, nobody knows whose: then no amount is told. */
function amountsOf({ currency, receiptsWithoutRate }: CampaignCredits): (minor: bigint) => AmountAnswer {
  if (receiptsWithoutRate === 0n) return (minor) => ({ amount: formatMoney({ minor, currency }), currency });
  const parts = { receiptsWithoutRate: `${receiptsWithoutRate}` };
  return () => ({ undefined: 'no-exchange-rate', parts });
}
