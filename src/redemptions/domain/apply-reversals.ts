import type { ReversalPolicy } from '../../campaigns/domain/offer-state.js';
import { returnsUse } from './returns-use.js';
import { type ReversalPart, type ReversedSoFar, splitReversal } from './split-reversal.js';

/** A posted reversal that has not been applied; `amount` in minor units, null for all that is left. Epoch ms. */
export interface WaitingReversal {
  readonly reversalId: string;
  readonly amount: bigint | null;
  readonly occurredAt: number;
}

/** An accepted redemption and what became of it so far. Instants are epoch ms by the till's clock. */
export interface RedemptionToReverse extends ReversedSoFar {
  readonly redeemedAt: number;
  /** The latest `occurredAt` of the reversals applied so far; null when there is none. */
  readonly lastReversedAt: number | null;
  readonly honouredOverLimit: boolean;
}

/** What one reversal did. */
export interface AppliedReversalPart extends ReversalPart {
  readonly reversalId: string;
  readonly useReturned: boolean;
}

/**
 * Applies waiting reversals one after the other, in the order given; each gets a part, of nothing when the ones before took
 * all. The one that completes gives the use back when the policy says so for the latest of all of them: so the order in
 * which they reached us decides nothing.
 */
export function applyReversals(
  redemption: RedemptionToReverse,
  waiting: readonly WaitingReversal[],
  policy: ReversalPolicy,
): AppliedReversalPart[] {
  const { redeemedAt, honouredOverLimit } = redemption;
  let state = redemption;
  return waiting.map(({ reversalId, amount, occurredAt }) => {
    const part = splitReversal(state, amount);
    const lastReversedAt = Math.max(occurredAt, state.lastReversedAt ?? occurredAt);
    const use = { redeemedAt, reversedAt: lastReversedAt, honouredOverLimit };
    state = {
      ...state,
      reversedNet: state.reversedNet + part.net,
      isComplete: state.isComplete || part.completes,
      lastReversedAt,
    };
    return { ...part, reversalId, useReturned: part.completes && returnsUse(use, policy) };
  });
}
