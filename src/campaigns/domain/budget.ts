import { formatMoney, type Money, parseMoney } from '../../kernel/money.js';
import type { MoneyJson } from './reward-json.js';

/** How much the rewards may cost and how often they may be given; null is no bound, and one of the two is set. */
export interface Cap {
  readonly amount: Money | null;
  readonly redemptions: number | null;
}

/**
 * What a campaign may give away: in all, by each of its offers, at each channel, and on each local day in the campaign zone. Null is
 * no cap. Spent by the reward when a redemption is accepted, given back when the reversal policy gives its use back.
 */
export interface Budget {
  readonly total: Cap | null;
  readonly perOffer: Cap | null;
  readonly perChannel: Cap | null;
  readonly perDay: Cap | null;
}

export const BUDGET_SCOPES = ['total', 'perOffer', 'perChannel', 'perDay'] as const;

type CapJson = { readonly amount?: MoneyJson; readonly redemptions?: number };

/** A budget as the API shows it and as campaign_terms.budget keeps it: what is not capped is left out. */
export type BudgetJson = { readonly [Scope in (typeof BUDGET_SCOPES)[number]]?: CapJson };

/** The JSON form of a budget. */
export function toBudgetJson(budget: Budget): BudgetJson {
  const caps = BUDGET_SCOPES.flatMap((scope) => (budget[scope] ? [[scope, toCapJson(budget[scope])]] : []));
  return Object.fromEntries(caps) as BudgetJson;
}

/** Reads back what `toBudgetJson` wrote. Throws MoneyFormatError on a damaged value. */
export function fromBudgetJson(json: BudgetJson): Budget {
  const cap = (scope: keyof BudgetJson) => (json[scope] ? fromCapJson(json[scope]) : null);
  return {
    ...{ total: cap('total'), perOffer: cap('perOffer') },
    ...{ perChannel: cap('perChannel'), perDay: cap('perDay') },
  };
}

function toCapJson({ amount, redemptions }: Cap): CapJson {
  return {
    ...(amount && { amount: { amount: formatMoney(amount), currency: amount.currency } }),
    ...(redemptions !== null && { redemptions }),
  };
}

function fromCapJson({ amount, redemptions }: CapJson): Cap {
  return {
    amount: amount ? parseMoney(amount.amount, amount.currency) : null,
    redemptions: redemptions ?? null,
  };
}
