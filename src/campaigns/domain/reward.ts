import type { Money } from '../../kernel/money.js';
import type { Ratio } from '../../kernel/ratio.js';

/**
 * What the redeemer gives for a code of an offer.
 * `percent.value` is in percent (10 = 10 %) of the receipt's subtotal; `gift.unitCost` is null when nobody stated it;
 * `bonus_points.value` is a whole number of points in the redeemer's own scheme.
 */
export type Reward =
  | { readonly kind: 'percent'; readonly value: Ratio }
  | { readonly kind: 'amount'; readonly value: Money }
  | { readonly kind: 'gift'; readonly label: string; readonly unitCost: Money | null }
  | { readonly kind: 'bonus_points'; readonly value: number };
