import type { Journey } from './journey.js';
import { shareEqually, type Shares } from './shares.js';

/**
 * `position_based`: 40 % to the first touch, 40 % to the last, 20 % equally to those between. One touch has everything, two have
 * 50 % each: their 40 to 40, since nobody stands between. (mta, `position_based`)
 *
 * In whole parts for n > 2 touches: 2(n - 2), 1, …, 1, 2(n - 2) of 5(n - 2).
 */
export function splitPositionBased({ parties }: Journey): Shares {
  const between = parties.length - 2;
  if (between <= 0) return shareEqually(parties);
  const shares = parties.map(() => 1);
  shares[0] = shares[parties.length - 1] = 2 * between;
  return { denominator: 5 * between, parties, shares };
}
