import {
  count,
  defined,
  type Figure,
  type RenderedFigure,
  renderFigures,
  undefinedBecause,
} from '../../kernel/figure.js';
import { ratio } from '../../kernel/ratio.js';

/** Customers of one redeemer in a campaign, and those of them who are in the campaign that is asked about too. */
export interface SharedCustomers {
  readonly campaignId: string;
  readonly name: string;
  readonly customers: bigint;
  readonly shared: bigint;
}

export const OVERLAP_REASONS = [
  /** No customer of the campaign is known at this redeemer. */
  'no-customers',
] as const;

export const OVERLAP_FIGURES = ['customers', 'sharedCustomers', 'share', 'shareOfOther'] as const;
type OverlapName = (typeof OVERLAP_FIGURES)[number];

export interface CustomerOverlap {
  readonly customers: RenderedFigure;
  readonly campaigns: readonly {
    readonly campaignId: string;
    readonly name: string;
    readonly figures: Readonly<Record<OverlapName, RenderedFigure>>;
  }[];
}

/**
 * Whom a campaign shares with each other one of the same redeemer. share = shared customers / customers of this campaign,
 * shareOfOther = shared customers / customers of the other one; unit ratio, undefined `no-customers`. Customers whom no till
 * named are in none of them.
 */
export function measureOverlap(campaignId: string, all: readonly SharedCustomers[]): CustomerOverlap {
  const own = all.find((one) => one.campaignId === campaignId)?.customers ?? 0n;
  const others = all.filter((one) => one.campaignId !== campaignId);
  return {
    ...renderFigures<'customers'>({ customers: count(own) }),
    campaigns: others.map(({ campaignId: id, name, customers, shared }) => ({
      campaignId: id,
      name,
      figures: renderFigures<OverlapName>({
        customers: count(customers),
        sharedCustomers: count(shared),
        share: share(shared, own),
        shareOfOther: share(shared, customers),
      }),
    })),
  };
}

function share(shared: bigint, customers: bigint): Figure {
  const parts = { sharedCustomers: count(shared), customers: count(customers) };
  if (customers === 0n) return undefinedBecause('no-customers', parts);
  return defined(ratio(shared, customers), 'ratio', parts);
}
