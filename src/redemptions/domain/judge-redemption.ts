import { judgingInstant, type Attempt } from './attempt.js';
import type { OfferTerms } from '../../campaigns/domain/offer-state.js';
import { CLOCK_TOLERANCE_MS } from '../../partners/domain/clock-window.js';
import { lacksRate, termsAtTill } from './conversion.js';
import { codeLimit, termsInForce, type CodeState, type KnownCode } from './code-state.js';
import { computeDiscount } from './compute-discount.js';
import { exhaustsBudget } from './exhausts-budget.js';
import type { RefusalReason } from './refusal-reason.js';
import { rewardCost } from './reward-cost.js';
import type { Uses } from './uses.js';

/**
 * `computedDiscount` is what the reward comes to, `discount` what the till took (the computed one when it did not say), both
 * in minor units of the receipt's currency; `cost` is what it takes from budgets, in those of the campaign's. The terms are those
 * that were agreed, in the campaign's currency. `honouredOverLimit`: a limit was reached, but an offline till had already given the reward.
 */
export type Verdict =
  | {
      readonly kind: 'accepted';
      readonly terms: OfferTerms;
      readonly computedDiscount: bigint;
      readonly discount: bigint;
      readonly cost: bigint;
      readonly honouredOverLimit: boolean;
    }
  | { readonly kind: 'refused'; readonly reason: RefusalReason };

/** `undecided`: nothing objects, but the terms speak of money that cannot be compared with the receipt's for want of a rate. */
export type Judgement = Verdict | { readonly kind: 'undecided' };

interface Facts {
  readonly attempt: Attempt;
  readonly code: KnownCode;
  readonly terms: OfferTerms;
  readonly instant: number;
  readonly uses: Uses;
}

type Rule = (facts: Facts) => RefusalReason | null;

const HOUR_MS = 60 * 60 * 1000;
/** An online post may come this late whatever the offline policy says: a retry after a restart is not an offline upload. */
const ONLINE_DELAY_MS = 24 * HOUR_MS;

/** Stands in for the terms of an offer nobody has approved: they never start, and every other rule lets them pass. */
const NEVER_ACTIVE: OfferTerms = {
  version: 0,
  approvedAt: Infinity,
  startsAt: Infinity,
  redeemBefore: Infinity,
  timeZone: 'UTC',
  offlinePolicy: { mode: 'accept', maxDelayHours: Infinity },
  reward: { kind: 'bonus_points', value: 0 },
  minimumSpend: null,
  maximumDiscount: null,
  perCodeLimit: null,
  perCustomerLimit: null,
  totalLimit: null,
  dailyLimit: null,
  budget: null,
};

const channelNotAllowed: Rule = ({ attempt }) => (attempt.channelAllowed ? null : 'channel.not-allowed');

const occurredInFuture: Rule = ({ attempt }) =>
  attempt.occurredAt > attempt.receivedAt + CLOCK_TOLERANCE_MS ? 'occurred.in-future' : null;

const occurredTooOld: Rule = ({ attempt, terms: { offlinePolicy } }) => {
  if (attempt.offline && offlinePolicy.mode === 'refuse') return 'occurred.too-old';
  const allowed = offlinePolicy.maxDelayHours * HOUR_MS;
  const delay = attempt.receivedAt - attempt.occurredAt;
  return delay > (attempt.offline ? allowed : Math.max(allowed, ONLINE_DELAY_MS)) ? 'occurred.too-old' : null;
};

const codeRevoked: Rule = ({ code, instant }) =>
  code.revokedAt !== null && code.revokedAt <= instant ? 'code.revoked' : null;

const campaignNotActive: Rule = ({ terms, instant }) =>
  instant < terms.startsAt ? 'campaign.not-active' : null;

const campaignPaused: Rule = ({ code, instant }) => {
  for (const pause of code.offer.pauses) {
    if (pause.from <= instant && (pause.to === null || instant < pause.to)) return 'campaign.paused';
  }
  return null;
};

const campaignEnded: Rule = ({ code, terms, instant }) => {
  const { endedAt } = code.offer;
  const isEnded = endedAt !== null && endedAt <= instant;
  return isEnded || terms.redeemBefore <= instant ? 'campaign.ended' : null;
};

const codeNotStarted: Rule = ({ code, instant }) =>
  code.startsAt !== null && instant < code.startsAt ? 'code.not-started' : null;

const codeExpired: Rule = ({ code, instant }) =>
  code.expiresAt !== null && code.expiresAt <= instant ? 'code.expired' : null;

const codeUsedUp: Rule = ({ code, terms, uses }) =>
  isReached(codeLimit(code, terms), uses.code) ? 'code.used-up' : null;

const offerLimitReached: Rule = ({ terms, uses }) =>
  isReached(terms.totalLimit, uses.offer) ? 'offer.limit-reached' : null;

const offerDailyLimitReached: Rule = ({ terms, uses }) =>
  isReached(terms.dailyLimit, uses.offerToday) ? 'offer.daily-limit-reached' : null;

const budgetExhausted: Rule = ({ attempt, terms, uses }) => {
  if (terms.budget === null || uses.budget === null) return null;
  const { cost } = givenBy(attempt, terms);
  return exhaustsBudget(terms.budget, uses.budget, cost) ? 'budget.exhausted' : null;
};

const reservationMissing: Rule = ({ uses }) =>
  uses.reservation === 'missing' ? 'reservation.missing' : null;

const reservationExpired: Rule = ({ uses }) =>
  uses.reservation === 'expired' ? 'reservation.expired' : null;

const customerRequired: Rule = ({ attempt, terms }) =>
  terms.perCustomerLimit !== null && attempt.customerId === null ? 'customer.required' : null;

const customerLimitReached: Rule = ({ terms, uses }) =>
  isReached(terms.perCustomerLimit, uses.customer) ? 'customer.limit-reached' : null;

const receiptBelowMinimum: Rule = ({ attempt, terms }) =>
  terms.minimumSpend !== null && attempt.subtotal < terms.minimumSpend ? 'receipt.below-minimum' : null;

const receiptAlreadyUsed: Rule = ({ uses }) => (uses.onThisReceipt ? 'receipt.already-used' : null);

/**
 * The first rule that objects names the reason, so the order is part of the contract: what is wrong with the attempt itself,
 * then what the clerk cannot change, then limits, then what another receipt could mend.
 */
const RULES: readonly Rule[] = [
  channelNotAllowed,
  occurredInFuture,
  occurredTooOld,
  codeRevoked,
  campaignNotActive,
  campaignPaused,
  campaignEnded,
  codeNotStarted,
  codeExpired,
  reservationMissing,
  reservationExpired,
  codeUsedUp,
  offerLimitReached,
  offerDailyLimitReached,
  budgetExhausted,
  customerRequired,
  customerLimitReached,
  receiptBelowMinimum,
  receiptAlreadyUsed,
];

/**
 * Decides one attempt from a snapshot: accepted with the computed reward, or the first reason against it.
 * Pure, total and cheap (one small object per call): the batcher calls it for every attempt while it holds row locks.
 * `uses` must already contain everything accepted before this attempt. A refusal is one at any rate of exchange; an acceptance that
 * hangs on a rate that nobody has told is `undecided`.
 */
export function judgeRedemption(attempt: Attempt, code: CodeState, uses: Uses): Judgement {
  if (code.kind !== 'known') return { kind: 'refused', reason: `code.${code.kind}` };
  const instant = judgingInstant(attempt);
  const agreed = termsInForce(code.offer, instant) ?? NEVER_ACTIVE;
  const terms = termsAtTill(agreed, attempt.conversion);
  const facts: Facts = { attempt, code, terms, instant, uses };
  const isHonoured = attempt.offline && terms.offlinePolicy.mode === 'honour';
  let honouredOverLimit = false;
  for (const rule of RULES) {
    const reason = rule(facts);
    if (reason === null) continue;
    if (!isHonoured || !isLimit(reason)) return { kind: 'refused', reason };
    honouredOverLimit = true;
  }
  const given = givenBy(attempt, terms);
  if (lacksRate(agreed, given.discount, attempt.conversion)) return { kind: 'undecided' };
  return { kind: 'accepted', terms: agreed, ...given, honouredOverLimit };
}

/** What the reward comes to on this receipt, what the till took off, and what that costs. The terms are those at the till. */
function givenBy({ subtotal, discountTaken, conversion }: Attempt, { reward, maximumDiscount }: OfferTerms) {
  const computedDiscount = computeDiscount(reward, subtotal, maximumDiscount);
  const discount = discountTaken ?? computedDiscount;
  return { computedDiscount, discount, cost: rewardCost(reward, discount, conversion) };
}

function isReached(limit: number | null, used: number): boolean {
  return limit !== null && used >= limit;
}

/** The reasons that `honour` overrides: the till could not know the counters while it was offline. */
function isLimit(reason: RefusalReason): boolean {
  switch (reason) {
    case 'code.used-up':
    case 'offer.limit-reached':
    case 'offer.daily-limit-reached':
    case 'customer.limit-reached':
    case 'budget.exhausted':
      return true;
    default:
      return false;
  }
}
