import type { Journey } from './journey.js';
import { shareEqually, type Shares } from './shares.js';

/** `last_touch`: everything to the party of the last touch. (ChannelAttribution and mta, `last_touch`) */
export function splitLastTouch({ parties }: Journey): Shares {
  return shareEqually(parties.slice(-1));
}
