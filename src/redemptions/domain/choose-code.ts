import type { OfferState } from '../../campaigns/domain/offer-state.js';
import { termsInForce } from './code-state.js';

/** One of the codes that share a key at a redeemer. `live`: it holds the key now. */
export interface CodeCandidate {
  readonly live: boolean;
  readonly offer: OfferState;
}

/**
 * Of the codes that have held one key at a redeemer (never at the same time), the one an attempt at this instant (epoch ms) means:
 * the one whose campaign took codes then, else the one that holds the key now, else any. An offline till reports last year's
 * "SUMMER" after this year's was made.
 */
export function chooseCode<T extends CodeCandidate>(candidates: readonly T[], instant: number): T {
  const live = candidates.find((candidate) => candidate.live);
  if (live && wasOpen(live.offer, instant)) return live;
  const chosen = candidates.find((candidate) => wasOpen(candidate.offer, instant)) ?? live ?? candidates[0];
  if (chosen === undefined) throw new RangeError('there must be a code to choose from');
  return chosen;
}

function wasOpen(offer: OfferState, instant: number): boolean {
  const terms = termsInForce(offer, instant);
  if (terms === null) return false;
  return terms.startsAt <= instant && instant < Math.min(terms.redeemBefore, offer.endedAt ?? Infinity);
}
