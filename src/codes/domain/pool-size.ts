/** Coupons that may be issued of an offer whose terms name no ceiling: as many as one coupon batch may hold. */
const DEFAULT_CEILING = 1_000_000;

/** Coupons made in one go. Some 2 ms of drawing, so whoever happens to make them can do it before answering. */
const PORTION = 100;

/** So many are left when more are made: enough for all who ask meanwhile, for a process has a dozen connections. */
const LOW_MARK = 50;

/** How many coupons of an offer may ever be made for issuance. */
export function ceilingOf(agreed: number | null): number {
  return agreed ?? DEFAULT_CEILING;
}

/** How many coupons to make now, when `made` were made before; 0 at the ceiling or above it. */
export function nextPortion(made: number, ceiling: number): number {
  return Math.max(0, Math.min(PORTION, ceiling - made));
}

/** Which coupon of a portion (counted from 0, in the order in which they are issued) orders the next one; null for none. */
export function lowMarkOf(portion: number): number | null {
  return portion > LOW_MARK ? portion - LOW_MARK - 1 : null;
}

/** How many coupons were made beyond the ceiling: it was lowered since. */
export function surplus(made: number, ceiling: number): number {
  return Math.max(0, made - ceiling);
}
