/**
 * How one journey is shared: `parties[i]` gets `shares[i]` of `denominator` equal parts. Shares are whole numbers and add up to
 * the denominator; where they are left out, everyone named gets one. A party may be named several times.
 */
export interface Shares {
  readonly denominator: number;
  readonly parties: readonly number[];
  readonly shares?: readonly number[];
}

/** One part for each party, as often as it is named. */
export function shareEqually(parties: readonly number[]): Shares {
  return { denominator: parties.length, parties };
}
