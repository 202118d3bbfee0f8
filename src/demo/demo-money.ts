import { formatMoney } from '../kernel/money.js';
import { CURRENCY } from './demo-story.js';

/** Cents as the API reads them. */
export function euros(cents: number): { amount: string; currency: string } {
  return {
    amount: formatMoney({ minor: BigInt(Math.round(cents)), currency: CURRENCY }),
    currency: CURRENCY,
  };
}
