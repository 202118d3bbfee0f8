import type { Money } from '../../kernel/money.js';

export interface CustomerInput {
  readonly reference?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
}

export interface ReceiptInput {
  readonly number: string;
  readonly subtotal: Money;
  readonly costOfGoods?: Money | undefined;
}

/** A posted attempt whose shape has been checked. `occurredAt` is epoch ms. */
export interface AttemptInput {
  readonly externalId: string;
  readonly code: string;
  readonly channelId: string;
  readonly occurredAt: number;
  readonly receipt: ReceiptInput;
  readonly discount?: Money | undefined;
  readonly customer?: CustomerInput | undefined;
  readonly customerStatus?: 'new' | 'returning' | 'unknown' | undefined;
  readonly clerk?: string | undefined;
  readonly reservationId?: string | undefined;
  readonly clickId?: string | undefined;
  readonly offline?: boolean | undefined;
}

/** What a till asks before the receipt is closed: no amount yet means no minimum is checked against it but zero. */
export interface ValidationInput {
  readonly code: string;
  readonly channelId: string;
  readonly receipt?: ReceiptInput | undefined;
  readonly customer?: CustomerInput | undefined;
}
