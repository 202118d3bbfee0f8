import { allocate } from '../../kernel/allocate.js';

/** A redemption and how much of it reversals have undone so far. Money in minor units of its currency. */
export interface ReversedSoFar {
  /** What the customer paid: subtotal minus this redemption's discount. */
  readonly net: bigint;
  readonly discount: bigint;
  /** Net amounts of all reversals so far. */
  readonly reversedNet: bigint;
  /** Nothing is left. Not the same as `reversedNet = net`: where the discount was the whole price both are 0 from the start. */
  readonly isComplete: boolean;
}

/** What one reversal undoes, and what it leaves. Money in minor units, never negative. */
export interface ReversalPart {
  readonly net: bigint;
  readonly discount: bigint;
  /** Net amount that later reversals may still undo. */
  readonly remaining: bigint;
  /** The redemption is undone with this one. */
  readonly completes: boolean;
}

/**
 * The part of a redemption that a reversal of `amount` (positive, of the net total; null: all that is left) undoes.
 * More than is left takes what is left; after the end nothing.
 *
 * The discount goes back in proportion to the net amount, by largest remainder, and cumulatively: it is what belongs to
 * all reversals up to this one less what belonged to those before. So the parts of any number of reversals, in any
 * order, add up to the redemption to the cent, and no part is negative.
 */
export function splitReversal(so: ReversedSoFar, amount: bigint | null): ReversalPart {
  if (so.isComplete) return { net: 0n, discount: 0n, remaining: 0n, completes: false };
  const left = so.net - so.reversedNet;
  const net = amount === null || amount > left ? left : amount;
  const discount = discountUpTo(so, so.reversedNet + net) - discountUpTo(so, so.reversedNet);
  const completes = net === left;
  // Where the discount was the whole price there is nothing to be in proportion to, and only one reversal.
  return { net, discount: so.net === 0n ? so.discount : discount, remaining: left - net, completes };
}

/** The discount that belongs to so much of the net total. */
function discountUpTo({ net, discount }: ReversedSoFar, reversedNet: bigint): bigint {
  if (net === 0n) return 0n;
  const [part = 0n] = allocate(discount, [reversedNet, net - reversedNet]);
  return part;
}
