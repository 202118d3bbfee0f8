import { createHash } from 'node:crypto';
import type { Receipt } from './domain/receipt.js';

/** 128 bits: nobody gains by finding two receipts of their own with the same fingerprint. */
const HEX_DIGITS = 32;

/**
 * What a receipt says, in 32 hex digits. Made of the normalised fields, so that the same receipt in another spelling
 * ("12.3" and "12.30", another offset of the same instant, another way to write the phone number) is a repeat. The
 * currency is not among them: it is always the partner's.
 */
export function receiptFingerprint(
  receipt: Omit<Receipt, 'id' | 'externalId' | 'fingerprint' | 'day'>,
): string {
  const { channelId, number, occurredAt, total, costOfGoods, customerId } = receipt;
  const amounts = [total.toString(), costOfGoods?.toString() ?? null];
  const fields = [channelId, number, occurredAt, ...amounts, customerId];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, HEX_DIGITS);
}
