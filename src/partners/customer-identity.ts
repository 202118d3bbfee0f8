import { createHmac } from 'node:crypto';

/** 256 bits: as long as the hash, so that the key is never the weakest part. */
export const CUSTOMER_KEY_BYTES = 32;

/**
 * The id under which a customer is known at one partner, or within one campaign. Keyed by a secret of that partner or campaign, so
 * that ids of different ones say nothing about each other, and nobody can try all phone numbers against a stolen table.
 * A UUID of version 8 (RFC 9562, 5.8): the first 128 bits of the HMAC, six of them given to version and variant.
 */
export function customerIdentity(customerKey: Uint8Array, reference: string): string {
  const bytes = createHmac('sha256', customerKey).update(reference, 'utf8').digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6); // version 8
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8); // variant 10
  const hex = bytes.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
