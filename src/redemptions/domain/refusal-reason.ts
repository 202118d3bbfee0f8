/**
 * Why a redemption was refused: a closed list, part of the HTTP contract. Tills branch on these words and reports
 * group by them, so a reason is never renamed and a new one is an API change.
 */
export const REFUSAL_REASONS = [
  'code.malformed',
  'code.unknown',
  'code.not-yours',
  'code.revoked',
  'code.not-started',
  'code.expired',
  'code.used-up',
  'campaign.not-active',
  'campaign.paused',
  'campaign.ended',
  'offer.limit-reached',
  'offer.daily-limit-reached',
  'customer.limit-reached',
  'customer.required',
  'receipt.below-minimum',
  'receipt.already-used',
  'budget.exhausted',
  'reservation.missing',
  'reservation.expired',
  'channel.not-allowed',
  'occurred.too-old',
  'occurred.in-future',
] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];
