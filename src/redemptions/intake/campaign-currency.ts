import { type TandemError, unprocessable } from '../../kernel/errors.js';
import { localDate } from '../../kernel/period.js';
import { type AskedRate, askedKey, type DayRate } from '../../rates/domain/day-rate.js';
import type { DayRates } from '../../rates/day-rate.commands.js';
import { type Conversion, SAME_CURRENCY } from '../domain/conversion.js';
import type { ResolvedCode } from './code-states.js';
import type { ReadySubmission } from './ready-submission.js';
import type { Submission } from './submission.js';

/** How the money of an attempt is brought to the campaign's, and the rate of its day when it needs one. */
export interface ReceiptConversion {
  readonly conversion: Conversion;
  readonly rate: DayRate | null;
}

const NO_RATE_NEEDED: ReceiptConversion = { conversion: SAME_CURRENCY, rate: null };

/** Whether the receipt is in a currency that is neither the campaign's nor the partner's own: nobody there pays with it. */
export function currencyDiffers({
  submission,
  offer,
}: Pick<ReadySubmission, 'submission' | 'offer'>): boolean {
  if (offer === null) return false;
  return submission.currency !== offer.currency && submission.currency !== offer.redeemerCurrency;
}

/** The rate that an attempt needs: of the day of the sale in the campaign's time zone, as its report counts it. */
export function askedRate(submission: Submission, { offer }: ResolvedCode): AskedRate | null {
  if (offer === null || submission.currency === offer.currency) return null;
  if (currencyDiffers({ submission, offer })) return null;
  const day = localDate(submission.occurredAt, offer.timeZone);
  return { base: submission.currency, quote: offer.currency, day };
}

export function conversionAt(asked: AskedRate | null, rates: DayRates): ReceiptConversion {
  if (asked === null) return NO_RATE_NEEDED;
  const rate = rates.get(askedKey(asked));
  if (!rate) return { conversion: { kind: 'unknown' }, rate: null };
  return { conversion: { kind: 'rate', perMinor: rate.perMinor, currency: asked.base }, rate };
}

export function wrongCurrency(): TandemError {
  return unprocessable(
    'currency.mismatch',
    "The receipt is neither in the campaign's currency nor in the partner's own.",
    [
      {
        pointer: '/receipt/subtotal/currency',
        detail: "must be the campaign's currency or the partner's own",
      },
    ],
  );
}

/** Nothing was stored: the same post is decided once the rate is there. */
export function noRate(): TandemError {
  return unprocessable(
    'currency.no-rate',
    "There is no exchange rate of that day to the campaign's currency, and the terms need one. Post it again later.",
    [{ pointer: '/receipt/subtotal/currency', detail: 'has no exchange rate for the day of occurredAt' }],
  );
}
