import { formatRatio, parseRatio, type Ratio } from '../../kernel/ratio.js';

/** The metrics of the report that a goal can be set for; a spec of the report holds the two lists together. */
export const TARGET_METRICS = [
  'acceptedRedemptions',
  'refusals',
  'redemptionRate',
  'promoReceipts',
  'allReceipts',
  'coverage',
  'promoRating',
  'revenue',
  'averageReceipt',
  'averageOtherReceipt',
  'discountGiven',
  'leakage',
  'margin',
  'cost',
  'income',
  'roi',
  'roiPercent',
  'newCustomers',
  'returningCustomers',
  'unknownCustomers',
  'cac',
  'costPerReturning',
] as const;
export type TargetMetric = (typeof TARGET_METRICS)[number];

/**
 * A numeric goal that was agreed with the terms, for the end of the campaign. The value is in the unit of the metric: money in
 * major units of the campaign currency, 3.75 for 3.75 %. `partnerId` is the redeemer it is about; null is the whole campaign.
 */
export interface Target {
  readonly metric: TargetMetric;
  readonly partnerId: string | null;
  readonly value: Ratio;
}

/** As the API shows it and as campaign_terms.targets keeps it. */
export interface TargetJson {
  readonly metric: TargetMetric;
  readonly partnerId?: string;
  readonly value: string;
}

/** Requests with more are refused, so writing and reading a target loses nothing. */
export const TARGET_DECIMALS = 6;

export function toTargetJson({ metric, partnerId, value }: Target): TargetJson {
  const text = formatRatio(value, TARGET_DECIMALS).replace(/\.?0+$/, '');
  return partnerId === null ? { metric, value: text } : { metric, partnerId, value: text };
}

/** Reads back what `toTargetJson` wrote. Throws RangeError on a damaged value. */
export function fromTargetJson({ metric, partnerId, value }: TargetJson): Target {
  return { metric, partnerId: partnerId ?? null, value: parseRatio(value) };
}
