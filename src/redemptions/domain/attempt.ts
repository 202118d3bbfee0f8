import type { Conversion } from './conversion.js';

/** One till's attempt to use a code, as far as the judge needs to know it. Instants are epoch ms, money minor units of the receipt's currency. */
export interface Attempt {
  readonly externalId: string;
  /** The channel exists, belongs to the redeemer, can redeem, and the key may act for it. */
  readonly channelAllowed: boolean;
  /** The till's clock. */
  readonly occurredAt: number;
  /** The database's clock. */
  readonly receivedAt: number;
  /** The till decided alone and reports afterwards. */
  readonly offline: boolean;
  readonly channelId: string;
  /** Channel id and receipt number: one receipt of one till. */
  readonly receiptKey: string;
  /** The receipt before this promo's discount. */
  readonly subtotal: bigint;
  /** What the till really took off; null when it leaves the amount to us. */
  readonly discountTaken: bigint | null;
  /** How money of the receipt is brought to that of the terms. */
  readonly conversion: Conversion;
  readonly customerId: string | null;
  /** The reservation whose place the attempt claims. */
  readonly reservationId: string | null;
}

/**
 * The instant (epoch ms) whose terms, pauses and dates decide the attempt. An online till is judged by the database clock,
 * so that a wrong till clock cannot open or close a campaign; an offline one by its own, because the sale is already made.
 */
export function judgingInstant(attempt: Attempt): number {
  return attempt.offline ? attempt.occurredAt : attempt.receivedAt;
}
