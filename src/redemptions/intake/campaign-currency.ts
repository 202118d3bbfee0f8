import { type TandemError, unprocessable } from '../../kernel/errors.js';
import type { ReadySubmission } from './ready-submission.js';

/** Whether the receipt cannot be judged by the terms, because they are in another currency. */
export function currencyDiffers({ submission, offer }: ReadySubmission): boolean {
  return offer !== null && offer.currency !== submission.currency;
}

export function wrongCurrency(): TandemError {
  return unprocessable('currency.mismatch', "The receipt is not in the campaign's currency.", [
    { pointer: '/receipt/subtotal/currency', detail: "must be the campaign's currency" },
  ]);
}
