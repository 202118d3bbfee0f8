import type { RefusalReason } from './refusal-reason.js';

/**
 * How much one key has guessed at one channel: a bucket that every failed look-up fills and that time and accepted
 * redemptions empty. When it is full the key is locked out at that channel, each time for longer.
 * Instants are epoch ms of the database's clock.
 */
export interface GuessMeter {
  /** Failed look-ups that are not forgiven yet, as of `measuredAt`; not a whole number. */
  readonly debt: number;
  readonly measuredAt: number;
  /** Locks in a row, without a quiet day between them. */
  readonly locksInRow: number;
  /** When the last lock ends or ended; null when there was none. */
  readonly lockedUntil: number | null;
}

/** What a key looked up at a channel: once, or in several posts that are counted together. */
export interface GuessTally {
  /** Accepted before these posts came; they forgive what was owed then and nothing of what follows. */
  readonly acceptedBefore: number;
  /** Look-ups that found no code of the redeemer. */
  readonly failed: number;
  readonly accepted: number;
}

/** So many failed look-ups in a row go unnoticed. A clerk who tries one coupon again and again gives up long before. */
export const FREE_FAILURES = 15;

/** One failed look-up is forgiven in this time: a robot that knows it gets two guesses a minute. */
export const FORGIVEN_AFTER_MS = 30_000;

/**
 * What an accepted redemption forgives. A till locks itself only when more than one look-up in five fails, which no
 * typing does. Not more: whoever knows one good code word could otherwise pay for guesses with it.
 */
const FORGIVEN_BY_ACCEPTED = 0.25;

const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A debt that takes a day to be forgiven. */
const LARGEST_DEBT = FREE_FAILURES + DAY_MS / FORGIVEN_AFTER_MS;

const FAILED_LOOKUPS: ReadonlySet<RefusalReason> = new Set([
  'code.unknown',
  'code.malformed',
  'code.not-yours',
]);

/** Whether a refusal says that what was typed is no code of this redeemer: what a guesser hears most of the time. */
export function isFailedLookup(reason: RefusalReason | null): boolean {
  return reason !== null && FAILED_LOOKUPS.has(reason);
}

/**
 * Counts a tally at the instant `now` (epoch ms). Whatever the posts, the failures of a key at a channel up to an instant
 * are at most `FREE_FAILURES`, two for each minute, a quarter of the accepted redemptions, and the last post. That is why
 * a post of a thousand guesses locks for as long as its debt takes to be forgiven and not just for the next wait.
 *
 * A lock that holds is only made longer by what is owed; a till that keeps posting into it does not make it grow.
 */
export function countGuesses(meter: GuessMeter, tally: GuessTally, now: number): GuessMeter {
  const measuredAt = Math.max(now, meter.measuredAt);
  const byTime = (measuredAt - meter.measuredAt) / FORGIVEN_AFTER_MS;
  const owed = Math.max(0, meter.debt - byTime - tally.acceptedBefore * FORGIVEN_BY_ACCEPTED);
  const debt = Math.max(0, owed + tally.failed - tally.accepted * FORGIVEN_BY_ACCEPTED);
  const counted = { ...meter, debt: Math.min(debt, LARGEST_DEBT), measuredAt };
  return tally.failed > 0 && debt >= FREE_FAILURES ? lock(counted) : counted;
}

/** How long the key is still locked out at the instant `now`, ms; 0 when it is not. */
export function remainingWait({ lockedUntil }: GuessMeter, now: number): number {
  return lockedUntil === null ? 0 : Math.max(0, lockedUntil - now);
}

function lock(meter: GuessMeter): GuessMeter {
  const { measuredAt: now, lockedUntil } = meter;
  const untilForgiven = now + (meter.debt - FREE_FAILURES) * FORGIVEN_AFTER_MS;
  if (lockedUntil !== null && now < lockedUntil)
    return { ...meter, lockedUntil: Math.max(lockedUntil, untilForgiven) };
  const isFirst = lockedUntil === null || now - lockedUntil >= DAY_MS;
  const locksInRow = isFirst ? 1 : meter.locksInRow + 1;
  return { ...meter, locksInRow, lockedUntil: Math.max(now + growingWait(locksInRow), untilForgiven) };
}

function growingWait(locksInRow: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** (locksInRow - 1), LONGEST_WAIT_MS);
}
