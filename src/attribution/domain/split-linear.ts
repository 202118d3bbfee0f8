import type { Journey } from './journey.js';
import { shareEqually, type Shares } from './shares.js';

/** `linear`: 1/n for each of n touches, so a party that was touched twice gets 2/n. (ChannelAttribution, `linear_touch`) */
export function splitLinear({ parties }: Journey): Shares {
  return shareEqually(parties);
}
