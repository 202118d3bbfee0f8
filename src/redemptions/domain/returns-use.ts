import type { ReversalPolicy } from '../../campaigns/domain/offer-state.js';

const MINUTE_MS = 60_000;

/** A redemption that was undone; instants are epoch ms by the till's clock, `reversedAt` the latest of its reversals. */
export interface ReversedUse {
  readonly redeemedAt: number;
  readonly reversedAt: number;
  /** It was recorded although a limit was reached, so it took no use that could come back. */
  readonly honouredOverLimit: boolean;
}

/**
 * Whether the reversal that completes gives the use back to the code, the offer, the day and the customer: by the policy
 * of the terms under which the redemption was decided. `void_only` means: while the sale can still be voided,
 * `voidMinutes` after it at most.
 */
export function returnsUse(use: ReversedUse, policy: ReversalPolicy): boolean {
  if (use.honouredOverLimit) return false;
  switch (policy.returnUse) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'void_only':
      return use.reversedAt - use.redeemedAt <= (policy.voidMinutes ?? 0) * MINUTE_MS;
  }
}
