import { Injectable } from '@nestjs/common';
import { TandemError } from '../kernel/errors.js';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { isFailedLookup } from './domain/guess-meter.js';
import type { RefusalReason } from './domain/refusal-reason.js';
import { GuessRecorder } from './guess-recorder.js';
import { KnownGuessLocks } from './known-guess-locks.js';

/** What a till wants to look up, as far as a lock cares. */
export interface Lookup {
  readonly channelId: string;
  readonly offline?: boolean | undefined;
}

/** What a look-up was answered. */
export interface AnsweredLookup {
  readonly channelId: string;
  /** Null when nothing of what was typed can be a code. */
  readonly codeKey: string | null;
  /** Null for an accepted redemption. */
  readonly reason: RefusalReason | null;
}

/** Accepted redemptions since the last failure of a key at a channel, and the wrong codes it typed lately. */
interface Recent {
  accepted: number;
  readonly failedKeys: Set<string>;
}

/** A misprinted flyer or a newsletter has a handful of wrong words, not more. */
const FAILED_KEYS_KEPT = 16;
/** Some 2 kB each at most: 10 MB when full. Those who failed longest ago go, which only forgives them less. */
const GUESSERS_KEPT = 5_000;

/**
 * Keeps guessers out: who fails too often at a channel is locked out there for a while. For tills that are not, this costs a
 * look at two maps; nothing is written and nothing waits unless a look-up failed.
 */
@Injectable()
export class GuessGuard {
  private readonly recent = new Map<string, Recent>();

  constructor(
    private readonly locks: KnownGuessLocks,
    private readonly recorder: GuessRecorder,
  ) {}

  /**
   * Throws 429 when the key is locked out at this channel, whatever the code: nothing is looked up. What an offline till
   * reports is never kept out, because the sale is made and must be recorded.
   */
  assertOpen({ keyId }: PartnerPrincipal, { channelId, offline }: Lookup): void {
    const remainingMs = offline ? 0 : this.locks.remainingMs(keyId, channelId);
    if (remainingMs > 0) throw lockedOut(remainingMs);
  }

  /** Throws 429 when not one of the look-ups of a post is let through. */
  assertAnyOpen({ keyId }: PartnerPrincipal, lookups: readonly Lookup[]): void {
    let shortest = Infinity;
    for (const { channelId, offline } of lookups) {
      shortest = Math.min(shortest, offline ? 0 : this.locks.remainingMs(keyId, channelId));
      if (shortest === 0) return;
    }
    if (shortest < Infinity) throw lockedOut(shortest);
  }

  /**
   * Counts the answers of one post, those that were given before left out. Undefined when no look-up failed, else
   * resolves when the failures are counted and known here; never rejects.
   *
   * A wrong code that was typed lately counts once. It tells a guesser nothing new, and a word that is misprinted on a
   * thousand flyers must not lock a web shop out.
   */
  count(principal: PartnerPrincipal, answers: readonly AnsweredLookup[]): Promise<unknown> | undefined {
    const byChannel = new Map<string, { failed: number; accepted: number }>();
    for (const { channelId, codeKey, reason } of answers) {
      const sums = byChannel.get(channelId) ?? { failed: 0, accepted: 0 };
      byChannel.set(channelId, sums);
      if (reason === null) sums.accepted += 1;
      else if (isFailedLookup(reason) && this.isNewGuess(guesserOf(principal, channelId), codeKey ?? ''))
        sums.failed += 1;
    }
    const recorded = Array.from(byChannel, ([channelId, sums]) =>
      this.countChannel(principal, channelId, sums),
    );
    const waiting = recorded.filter((one) => one !== undefined);
    return waiting.length > 0 ? Promise.all(waiting) : undefined;
  }

  /** The same for one accepted redemption: the common case, at the cost of a look at a map. */
  countAccepted(principal: PartnerPrincipal, channelId: string): void {
    if (this.recent.size === 0) return;
    const recent = this.recent.get(guesserOf(principal, channelId));
    if (recent) recent.accepted += 1;
  }

  private countChannel(
    { partnerId: redeemerPartnerId, keyId }: PartnerPrincipal,
    channelId: string,
    { failed, accepted }: { failed: number; accepted: number },
  ): Promise<void> | undefined {
    const recent = this.recent.get(`${keyId}/${channelId}`);
    if (!recent) return undefined;
    if (failed === 0) {
      recent.accepted += accepted;
      return undefined;
    }
    const acceptedBefore = recent.accepted;
    recent.accepted = 0;
    return this.recorder.record(
      { redeemerPartnerId, keyId, channelId },
      { acceptedBefore, failed, accepted },
    );
  }

  private isNewGuess(guesser: string, codeKey: string): boolean {
    const recent = this.recent.get(guesser) ?? { accepted: 0, failedKeys: new Set() };
    // Taken out and put back at the end: what came up last is forgotten last.
    const isNew = !recent.failedKeys.delete(codeKey);
    recent.failedKeys.add(codeKey);
    forgetOldest(recent.failedKeys, FAILED_KEYS_KEPT);
    this.recent.delete(guesser);
    this.recent.set(guesser, recent);
    forgetOldest(this.recent, GUESSERS_KEPT);
    return isNew;
  }
}

function guesserOf({ keyId }: PartnerPrincipal, channelId: string): string {
  return `${keyId}/${channelId}`;
}

function forgetOldest(kept: Pick<Map<string, unknown>, 'size' | 'keys' | 'delete'>, most: number): void {
  const oldest = kept.keys().next();
  if (kept.size > most && !oldest.done) kept.delete(oldest.value);
}

function lockedOut(remainingMs: number): TandemError {
  const retryAfterSeconds = Math.ceil(remainingMs / 1000);
  return new TandemError(
    'user',
    'guesses.too-many',
    `Too many wrong codes were entered at this till: wait ${retryAfterSeconds} s, then enter the code again.`,
    { status: 429, title: 'Too many requests', retryAfterSeconds, extra: { retryAfterSeconds } },
  );
}
