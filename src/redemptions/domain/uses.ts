import { localDate } from '../../kernel/period.js';
import { judgingInstant, type Attempt } from './attempt.js';
import type { OfferState } from '../../campaigns/domain/offer-state.js';
import { type KnownCode, termsInForce } from './code-state.js';

/** What was taken from a limit or a budget: how often, and what the rewards cost (minor units of the campaign's currency). */
export interface Taken {
  readonly uses: number;
  readonly spent: bigint;
}

/**
 * What is already taken when an attempt is judged: accepted and not given back, or held by another's reservation. What was
 * honoured over a limit takes nothing.
 */
export interface Uses {
  readonly code: number;
  readonly offer: number;
  /** Of the offer, on the attempt's day (see `countedDay`). */
  readonly offerToday: number;
  /** Of the offer, by the attempt's customer. */
  readonly customer: number;
  /** The code was accepted on this receipt, honoured ones included, and not reversed. */
  readonly onThisReceipt: boolean;
  /** What the caps of the campaign's budget look at; null when no version of the campaign has a budget. */
  readonly budget: BudgetUses | null;
  /** What became of the reservation that the attempt names: nothing to object to, or why it cannot be used. */
  readonly reservation: 'fine' | 'missing' | 'expired';
}

/** Taken in the whole campaign, and of that by the attempt's offer, at its channel and on its day. */
export interface BudgetUses {
  readonly total: Taken;
  readonly perOffer: Taken;
  readonly perChannel: Taken;
  readonly perDay: Taken;
}

/** The names of everything an accepted attempt takes from; null where there is no customer or no day. */
export interface Scopes {
  readonly code: string;
  readonly offer: string;
  readonly offerDay: string | null;
  readonly offerChannel: string;
  readonly customer: string | null;
  readonly campaign: string;
  readonly campaignChannel: string;
  readonly campaignDay: string | null;
}

/** Who takes from limits and budgets: an attempt that is judged, or a reservation that holds a place. */
export interface Taker {
  readonly codeId: string;
  readonly offerId: string;
  readonly campaignId: string;
  readonly channelId: string;
  readonly customerId: string | null;
  /** Local date in the campaign zone. */
  readonly day: string | null;
}

/**
 * The local date (YYYY-MM-DD) whose daily counter the attempt reads and takes from; null when nobody has approved terms.
 * Counted without a daily limit too, so that a limit agreed at noon knows the morning's uses.
 */
export function countedDay(attempt: Attempt, offer: OfferState): string | null {
  const instant = judgingInstant(attempt);
  const terms = termsInForce(offer, instant);
  return terms === null ? null : localDate(instant, terms.timeZone);
}

/** The attempt as a taker. */
export function takerOf(attempt: Attempt, code: KnownCode): Taker {
  const { offerId, campaignId } = code.offer;
  const { channelId, customerId } = attempt;
  return {
    ...{ codeId: code.codeId, offerId, campaignId, channelId, customerId },
    day: countedDay(attempt, code.offer),
  };
}

/** The names of what a taker takes from. */
export function scopesOf({ codeId, offerId, campaignId, channelId, customerId, day }: Taker): Scopes {
  return {
    code: codeId,
    offer: offerId,
    offerDay: day === null ? null : detailScope(offerId, day),
    offerChannel: detailScope(offerId, channelId),
    customer: customerId === null ? null : detailScope(offerId, customerId),
    campaign: campaignId,
    campaignChannel: detailScope(campaignId, channelId),
    campaignDay: day === null ? null : detailScope(campaignId, day),
  };
}

/** Names what an offer or a campaign has at one day, channel or customer. Ids are distinct, so one name means one thing. */
export function detailScope(id: string, detail: string): string {
  return `${id}|${detail}`;
}
