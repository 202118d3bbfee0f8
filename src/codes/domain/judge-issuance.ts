import type { IssuableOffer, TermsOfIssuance } from '../../campaigns/domain/issuable-offer.js';
import type { Money } from '../../kernel/money.js';
import type { IssuanceRefusal } from './issuance-refusal.js';

/** What the issuer's till asks for, as far as the judge needs to know it. */
export interface IssuanceRequest {
  /** The channel is one that the key may act for. */
  readonly channelAllowed: boolean;
  /** What the receipt that earns the coupon comes to; null without a receipt. */
  readonly receiptTotal: Money | null;
}

/** What has happened before the request. */
export interface IssuanceHistory {
  /** Redemptions of the offer that count against its limit. */
  readonly offerUses: number;
  /** The receipt has earned a coupon of this offer. */
  readonly receiptUsed: boolean;
  /** The campaign withholds its codes from the customer. Asked only where `reachesCustomer`. */
  readonly heldOut: boolean;
}

export type IssuanceVerdict =
  | { readonly kind: 'allowed'; readonly terms: TermsOfIssuance }
  | { readonly kind: 'refused'; readonly reason: IssuanceRefusal };

interface Facts {
  readonly request: IssuanceRequest;
  readonly offer: IssuableOffer;
  readonly terms: TermsOfIssuance;
  readonly history: IssuanceHistory;
}
type Rule = (facts: Facts) => IssuanceRefusal | null;

const channelNotAllowed: Rule = ({ request }) => (request.channelAllowed ? null : 'channel.not-allowed');

/** The last day of a campaign is the last day for handing out; the days left for redeeming are for those who have a coupon. */
const campaignEnded: Rule = ({ offer, terms }) =>
  hasEnded(offer) || terms.issueBefore <= offer.now ? 'campaign.ended' : null;

const campaignNotActive: Rule = ({ offer, terms }) =>
  offer.now < terms.startsAt ? 'campaign.not-active' : null;

const campaignPaused: Rule = ({ offer }) => (offer.isPaused ? 'campaign.paused' : null);

/** A coupon that no till would take is a broken promise. */
const offerLimitReached: Rule = ({ terms, history }) =>
  terms.totalLimit !== null && history.offerUses >= terms.totalLimit ? 'offer.limit-reached' : null;

/** Said before anything about the receipt: nobody should buy more for a coupon that there will not be. */
const customerHeldOut: Rule = ({ history }) => (history.heldOut ? 'customer.held-out' : null);

const receiptRequired: Rule = ({ request, terms }) =>
  terms.issuance.minimumReceipt !== null && request.receiptTotal === null ? 'receipt.required' : null;

const currencyMismatch: Rule = ({ request, terms }) => {
  const { minimumReceipt } = terms.issuance;
  if (minimumReceipt === null || request.receiptTotal === null) return null;
  return request.receiptTotal.currency === minimumReceipt.currency ? null : 'currency.mismatch';
};

const receiptBelowMinimum: Rule = ({ request, terms }) => {
  const { minimumReceipt } = terms.issuance;
  if (minimumReceipt === null || request.receiptTotal === null) return null;
  return request.receiptTotal.minor < minimumReceipt.minor ? 'receipt.below-minimum' : null;
};

const receiptAlreadyUsed: Rule = ({ history }) => (history.receiptUsed ? 'receipt.already-used' : null);

/** What keeps coupons from everybody, whoever the customer is. */
const BEFORE_CUSTOMER: readonly Rule[] = [
  channelNotAllowed,
  campaignEnded,
  campaignNotActive,
  campaignPaused,
  offerLimitReached,
];

/**
 * The first rule that objects names the reason, so the order is part of the contract: first what the clerk cannot change
 * (an end is final and hides the rest), then what another receipt could mend. Whether the pool has a coupon left is asked last, by the pool.
 */
const RULES: readonly Rule[] = [
  ...BEFORE_CUSTOMER,
  customerHeldOut,
  receiptRequired,
  currencyMismatch,
  receiptBelowMinimum,
  receiptAlreadyUsed,
];

/** Whether a coupon of the offer may be handed out now, by the database's clock and the terms in force. Pure and total. */
export function judgeIssuance(
  request: IssuanceRequest,
  offer: IssuableOffer,
  history: IssuanceHistory,
): IssuanceVerdict {
  const { terms } = offer;
  if (terms === null) {
    return { kind: 'refused', reason: hasEnded(offer) ? 'campaign.ended' : 'campaign.not-active' };
  }
  for (const rule of RULES) {
    const reason = rule({ request, offer, terms, history });
    if (reason !== null) return { kind: 'refused', reason };
  }
  return { kind: 'allowed', terms };
}

/**
 * Whether it depends on the customer if there is a coupon: only then is the customer part of the comparison with those held out, so
 * that both arms are asked under the same conditions.
 */
export function reachesCustomer(
  request: IssuanceRequest,
  offer: IssuableOffer,
  history: IssuanceHistory,
): boolean {
  const { terms } = offer;
  return terms !== null && BEFORE_CUSTOMER.every((rule) => rule({ request, offer, terms, history }) === null);
}

function hasEnded({ endedAt, now }: IssuableOffer): boolean {
  return endedAt !== null && endedAt <= now;
}
