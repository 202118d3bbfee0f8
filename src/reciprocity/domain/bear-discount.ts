/** What each side of a pair pays of a discount, in minor units; both together are the discount. */
export interface BorneDiscount {
  readonly issuer: bigint;
  readonly redeemer: bigint;
}

/**
 * Who bears a discount: the redeemer, all of it, because its till took it off and no terms that the API takes say who funds an
 * offer. Funding shares belong into this function, and nowhere else. Unit: minor units. ADR 0042.
 */
export function bearDiscount(discount: bigint): BorneDiscount {
  return { issuer: 0n, redeemer: discount };
}
