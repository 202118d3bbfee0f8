import type { Journey } from './journey.js';
import { shareEqually, type Shares } from './shares.js';

/**
 * `linear_distinct`: 1/k for each of k different parties, however often each was touched.
 *
 * This is also `shapley` of conversion counts. There a coalition S is worth what journeys brought that touched nobody outside S:
 * v(S) = sum of the journeys whose set of parties lies in S. That is a sum of unanimity games, one a journey, and the Shapley
 * value shares a unanimity game equally among its carriers (Shapley 1953). So nothing has to be enumerated, and any number of
 * parties will do. A spec compares it with {@link computeShapley}.
 */
export function splitLinearDistinct({ parties }: Journey): Shares {
  return shareEqually([...new Set(parties)]);
}
