import {
  forbidden,
  invalidRequest,
  notFound,
  type FieldError,
  type TandemError,
  unprocessable,
} from '../../kernel/errors.js';
import { localDate } from '../../kernel/period.js';
import type { PostingContext } from './posting-context.js';
import type { PostedReceipt } from './receipt.js';

/** `day` is the local date of the receipt in its channel's time zone. */
export type ReceiptCheck =
  { readonly kind: 'fine'; readonly day: string } | { readonly kind: 'fault'; readonly error: TandemError };

// A till's clock may be off and its zone set wrongly, but no zone is a day away. A receipt of next week is a bug.
const MAX_AHEAD_MS = 24 * 3_600_000;

/**
 * Whether a posted receipt may be stored, and the day it counts for. Pointers in an error are relative to the receipt.
 * None of these checks can fail later for a receipt that once passed, so a repeat always finds what was stored.
 */
export function checkReceipt(posted: PostedReceipt, context: PostingContext): ReceiptCheck {
  // Before the look-up: a bound key learns nothing about channels that are not its own.
  if (context.boundChannelId !== null && context.boundChannelId !== posted.channelId) {
    return fault(forbidden('This key may post receipts of its own channel only.'));
  }
  const timeZone = context.timeZones.get(posted.channelId);
  if (timeZone === undefined) return fault(notFound());
  if (posted.occurredAt > context.now + MAX_AHEAD_MS) return fault(tooFarAhead());
  const foreign = foreignAmounts(posted, context.currency);
  if (foreign.length > 0) return fault(currencyMismatch(context.currency, foreign));
  return { kind: 'fine', day: localDate(posted.occurredAt, timeZone) };
}

/** 422: amounts that are not in the partner's currency; `errors` says which. */
export function currencyMismatch(currency: string, errors: FieldError[]): TandemError {
  return unprocessable('currency.mismatch', `The amounts of this partner are in ${currency}.`, errors);
}

function foreignAmounts(posted: PostedReceipt, currency: string): FieldError[] {
  const detail = `must be ${currency}`;
  return (['total', 'costOfGoods'] as const)
    .filter((field) => posted[field] && posted[field].currency !== currency)
    .map((field) => ({ pointer: `/${field}/currency`, detail }));
}

function tooFarAhead(): TandemError {
  return invalidRequest([{ pointer: '/occurredAt', detail: 'must not be more than 24 hours in the future' }]);
}

function fault(error: TandemError): ReceiptCheck {
  return { kind: 'fault', error };
}
