/**
 * Why no coupon is handed out: a closed list, the `code` of the problem document. Tills branch on these words, so a reason
 * is never renamed and a new one is an API change. Nothing is stored of a refusal: the till may ask again.
 */
export const ISSUANCE_REFUSALS = [
  'channel.not-allowed',
  'campaign.not-active',
  'campaign.paused',
  'campaign.ended',
  'offer.limit-reached',
  'customer.held-out',
  'receipt.required',
  'currency.mismatch',
  'receipt.below-minimum',
  'receipt.already-used',
  'issuance.ceiling-reached',
] as const;

export type IssuanceRefusal = (typeof ISSUANCE_REFUSALS)[number];
