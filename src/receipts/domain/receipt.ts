import type { Money } from '../../kernel/money.js';
import type { CustomerDetails } from '../../partners/domain/customer-reference.js';

/** A receipt as a till posts it, its shape checked and nothing else. */
export interface PostedReceipt {
  /** The till's own id: under it a receipt is known for ever. */
  readonly externalId: string;
  readonly channelId: string;
  readonly number: string;
  /** Epoch ms. */
  readonly occurredAt: number;
  /** What was charged. */
  readonly total: Money;
  readonly costOfGoods?: Money | undefined;
  readonly customer?: CustomerDetails | undefined;
}

/** A receipt that passed every check, as it is stored. Money in minor units of the partner's currency. */
export interface Receipt {
  readonly id: string;
  readonly externalId: string;
  /** 32 hex digits made of all other fields: tells a repeat from another receipt under the same external id. */
  readonly fingerprint: string;
  readonly channelId: string;
  readonly number: string;
  /** Epoch ms. */
  readonly occurredAt: number;
  /** Local date in the channel's time zone. */
  readonly day: string;
  readonly total: bigint;
  readonly costOfGoods: bigint | null;
  readonly customerId: string | null;
}
