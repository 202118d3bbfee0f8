import { localDate } from '../../kernel/period.js';
import { judgingInstant, type Attempt } from './attempt.js';
import type { OfferState } from '../../campaigns/domain/offer-state.js';
import { termsInForce } from './code-state.js';

/** Uses already taken when an attempt is judged: accepted, not reversed, not honoured over a limit. */
export interface Uses {
  readonly code: number;
  readonly offer: number;
  /** Of the offer, on the attempt's day (see `countedDay`). */
  readonly offerToday: number;
  /** Of the offer, by the attempt's customer. */
  readonly customer: number;
  /** The code was accepted on this receipt, honoured ones included, and not reversed. */
  readonly onThisReceipt: boolean;
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

/** Names one offer's counter of one local date. */
export function offerDayKey(offerId: string, day: string): string {
  return `${offerId}|${day}`;
}

/** Names one offer's counter of one customer. */
export function customerKey(offerId: string, customerId: string): string {
  return `${offerId}|${customerId}`;
}
