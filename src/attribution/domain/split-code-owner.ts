import type { Journey } from './journey.js';
import { shareEqually, type Shares } from './shares.js';

/** `code_owner`: everything to the party whose placement the redeemed code comes from, whatever was touched besides. */
export function splitCodeOwner({ codeOwner }: Journey): Shares {
  return shareEqually(codeOwner === undefined ? [] : [codeOwner]);
}
