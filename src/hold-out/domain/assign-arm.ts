import { compareRatio, type Ratio, ratio } from '../../kernel/ratio.js';

export const ARMS = ['treated', 'held_out'] as const;
/** What a customer is part of in a campaign with a hold-out: those who may get a code, or those from whom it is withheld. */
export type Arm = (typeof ARMS)[number];

/** The first 48 bits of a UUID of version 8 come from the hash as they are; version and variant stand further behind. */
const HASHED_DIGITS = 12;
const RANGE = 16n ** 12n;

/**
 * The arm of a customer by its match id, a keyed hash: the id read as a number in [0, 1) is held out below the share. The same id and share
 * give the same arm at every till and in every process, and nobody chooses. A larger share only adds customers to those held out.
 * Throws SyntaxError on an id that is no UUID.
 */
export function assignArm(matchId: string, share: Ratio): Arm {
  const digits = matchId.replaceAll('-', '').slice(0, HASHED_DIGITS);
  return compareRatio(ratio(BigInt(`0x${digits}`), RANGE), share) < 0 ? 'held_out' : 'treated';
}
