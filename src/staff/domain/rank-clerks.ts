import {
  amount,
  count,
  type Figure,
  type RenderedFigure,
  renderFigures,
  undefinedBecause,
} from '../../kernel/figure.js';

/** What one clerk did at one channel; `clerk` is empty where the till did not say who it was. Amounts in minor units. */
export interface ClerkWork extends ClerkSums {
  readonly channelId: string;
  readonly clerk: string;
}

interface ClerkSums {
  readonly redemptions: bigint;
  readonly refusals: bigint;
  readonly discount: bigint;
  readonly leakage: bigint;
}

export const CLERK_FIGURES = ['redemptions', 'discountGiven', 'refusals', 'leakage'] as const;
type ClerkFigures = Readonly<Record<(typeof CLERK_FIGURES)[number], RenderedFigure>>;

export interface StaffRanking {
  readonly figures: ClerkFigures;
  readonly clerks: readonly ClerkAnswer[];
  /** Those who are not named, added up. */
  readonly others: { readonly clerks: number; readonly figures: ClerkFigures };
}

export interface ClerkAnswer {
  readonly channelId: string;
  readonly channelName: string;
  /** Null: the till did not say. */
  readonly clerk: string | null;
  readonly figures: ClerkFigures;
}

/** Attempts whose discount or leakage nobody can convert yet: whose they are is not known, so no line tells that amount. */
export interface WithoutRate {
  readonly redemptions: bigint;
  readonly refusals: bigint;
}

export const NO_RATE = 'no-exchange-rate';

/** More is no list that people read; tills may send a receipt number as the clerk. */
export const MAX_CLERKS = 500;

/**
 * The clerks of one partner, those first who took most codes; a clerk who works at two channels stands there for each. What is
 * beyond `MAX_CLERKS` is added up, so the figures of all lines are those of the whole.
 */
export function rankClerks(
  work: readonly ClerkWork[],
  channelNames: ReadonlyMap<string, string>,
  currency: string,
  withoutRate: WithoutRate = { redemptions: 0n, refusals: 0n },
): StaffRanking {
  const figuresOf = (sums: ClerkSums) => renderFigures(clerkFigures(sums, currency, withoutRate));
  const ranked = [...work].sort((a, b) => compareWork(a, b));
  const rest = ranked.slice(MAX_CLERKS);
  return {
    figures: figuresOf(sumWork(ranked)),
    clerks: ranked.slice(0, MAX_CLERKS).map((one) => ({
      channelId: one.channelId,
      channelName: channelNames.get(one.channelId) ?? one.channelId,
      clerk: one.clerk === '' ? null : one.clerk,
      figures: figuresOf(one),
    })),
    others: { clerks: rest.length, figures: figuresOf(sumWork(rest)) },
  };
}

function clerkFigures(
  sums: ClerkSums,
  currency: string,
  { redemptions: redemptionsWithoutRate, refusals: refusalsWithoutRate }: WithoutRate,
): Record<keyof ClerkFigures, Figure> {
  return {
    redemptions: count(sums.redemptions),
    discountGiven:
      redemptionsWithoutRate === 0n
        ? amount(sums.discount, currency)
        : undefinedBecause(NO_RATE, { redemptionsWithoutRate: count(redemptionsWithoutRate) }),
    refusals: count(sums.refusals),
    leakage:
      refusalsWithoutRate === 0n
        ? amount(sums.leakage, currency)
        : undefinedBecause(NO_RATE, { refusalsWithoutRate: count(refusalsWithoutRate) }),
  };
}

function sumWork(work: readonly ClerkWork[]): ClerkSums {
  const sum = (name: keyof ClerkSums): bigint => work.reduce((total, one) => total + one[name], 0n);
  return {
    ...{ redemptions: sum('redemptions'), refusals: sum('refusals') },
    ...{ discount: sum('discount'), leakage: sum('leakage') },
  };
}

/** By code units where all else is equal: the order must not depend on the machine. */
function compareWork(a: ClerkWork, b: ClerkWork): number {
  if (a.redemptions !== b.redemptions) return a.redemptions > b.redemptions ? -1 : 1;
  if (a.refusals !== b.refusals) return a.refusals > b.refusals ? -1 : 1;
  const [one, other] = [`${a.clerk}\0${a.channelId}`, `${b.clerk}\0${b.channelId}`];
  return one < other ? -1 : 1;
}
