import { defined, type Figure, type Quantity, undefinedBecause } from '../../kernel/figure.js';
import {
  compareRatio,
  multiplyRatio,
  divideRatio,
  addRatio,
  type Ratio,
  ratio,
  subtractRatio,
} from '../../kernel/ratio.js';

export const NO_RATE = 'no-exchange-rate';
export const BALANCE_REASONS = [
  /** The campaign has offers in one direction only: nobody agreed to send anything back. */
  'one-way',
  /** Nothing went in either direction. */
  'nothing-exchanged',
  /** Receipts in another currency wait for the exchange rate of their day. */
  NO_RATE,
] as const;

export const BALANCE_VERDICTS = ['within', 'exceeded'] as const;
export type BalanceVerdict = (typeof BALANCE_VERDICTS)[number];

/** What one partner sent the other, against what came back. */
export interface Balance {
  /** Sent less received: negative when the other partner sent more. */
  readonly balance: Figure;
  readonly imbalance: Figure;
  /** Only with an imbalance and an agreed tolerance. */
  readonly verdict?: BalanceVerdict;
}

const HUNDRED = ratio(100n, 1n);

/**
 * balance = sent - received. imbalance = |sent - received| / (sent + received) x 100, unit %: 0 when both sent the same, 100 when
 * one sent everything. Undefined `one-way` when `received` is null because no offer leads back, `nothing-exchanged` when both
 * are 0. It exceeds the tolerance when it is larger. Both quantities have the same unit and are not negative.
 */
export function balancePair(sent: Quantity, received: Quantity | null, tolerance: Ratio | null): Balance {
  const none = { value: ratio(0n, 1n), unit: sent.unit };
  const parts = { sent, received: received ?? none };
  const difference = subtractRatio(sent.value, parts.received.value);
  const balance = defined(difference, sent.unit, parts);
  if (!received) return { balance, imbalance: undefinedBecause('one-way', parts) };
  const both = addRatio(sent.value, received.value);
  if (both.numerator === 0n) return { balance, imbalance: undefinedBecause('nothing-exchanged', parts) };
  const size = difference.numerator < 0n ? multiplyRatio(difference, ratio(-1n, 1n)) : difference;
  const imbalance = multiplyRatio(divideRatio(size, both), HUNDRED);
  const answer = { balance, imbalance: defined(imbalance, '%', parts) };
  if (!tolerance) return answer;
  return { ...answer, verdict: compareRatio(imbalance, tolerance) > 0 ? 'exceeded' : 'within' };
}
