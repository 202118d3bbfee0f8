import type { Ratio } from '../../kernel/ratio.js';
import type { ChannelKind } from './channel-kind.js';

/** One of a partner's own points of contact, as other features see it. */
export interface Channel {
  readonly id: string;
  readonly partnerId: string;
  readonly kind: ChannelKind;
  readonly name: string;
  /** The channel's own zone, or its partner's when it has none. */
  readonly timeZone: string;
  /** Profit as a share of revenue (1/5 = 20 %) where receipts state no cost of goods; null when nobody said. */
  readonly marginRate: Ratio | null;
  readonly canRedeem: boolean;
}
