import type { Journey } from './journey.js';
import { shareEqually, type Shares } from './shares.js';

/** `first_touch`: everything to the party of the first touch. (ChannelAttribution and mta, `first_touch`) */
export function splitFirstTouch({ parties }: Journey): Shares {
  return shareEqually(parties.slice(0, 1));
}
