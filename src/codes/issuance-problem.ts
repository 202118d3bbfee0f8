import type { ClerkLanguage } from '../kernel/clerk-language.js';
import { conflict, type FieldError, type TandemError, unprocessable } from '../kernel/errors.js';
import { formatMoney, type Money } from '../kernel/money.js';
import { issuanceMessage } from './domain/issuance-messages.js';
import type { IssuanceRefusal } from './domain/issuance-refusal.js';

/**
 * The problem document of a refusal, with the sentence for the clerk as its detail: 422 with the faulty field when another
 * request could succeed, 409 when the state of things is in the way.
 */
export function issuanceProblem(
  { reason, minimumReceipt }: { readonly reason: IssuanceRefusal; readonly minimumReceipt: Money | null },
  language: ClerkLanguage,
): TandemError {
  const sentence = issuanceMessage(reason, language);
  const fault = faultyField(reason, minimumReceipt);
  return fault ? unprocessable(reason, sentence, [fault]) : conflict(reason, sentence);
}

function faultyField(reason: IssuanceRefusal, minimumReceipt: Money | null): FieldError | undefined {
  const least = minimumReceipt && `${formatMoney(minimumReceipt)} ${minimumReceipt.currency}`;
  switch (reason) {
    case 'channel.not-allowed':
      return { pointer: '/channelId', detail: 'is not the channel that the key is bound to' };
    case 'receipt.required':
      return { pointer: '/receipt', detail: `is needed, with a total of at least ${least}` };
    case 'receipt.below-minimum':
      return { pointer: '/receipt/total/amount', detail: `must be at least ${least}` };
    case 'currency.mismatch':
      return { pointer: '/receipt/total/currency', detail: `must be ${minimumReceipt?.currency}` };
    default:
      return undefined;
  }
}
