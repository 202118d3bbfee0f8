import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { retryTransaction } from '../platform/database/retry-transaction.js';
import type { Tx } from '../platform/database/tx.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { countGuesses, type GuessTally, remainingWait } from './domain/guess-meter.js';
import type { GuessLockChange } from './guess-lock-notifications.js';
import { type Guesser, GuessLockRepository, type LockedMeter } from './guess-lock.repository.js';
import { KnownGuessLocks } from './known-guess-locks.js';

interface Waiting extends Guesser {
  readonly tally: GuessTally;
}

interface Counted extends LockedMeter {
  readonly change: GuessLockChange | null;
  readonly isNewLock: boolean;
}

/**
 * Writes failed look-ups to the meters of those who made them, in transactions of its own and one at a time: what comes
 * while one runs goes into the next, so that a flood of guesses takes one connection.
 */
@Injectable()
export class GuessRecorder {
  private readonly logger = new Logger(GuessRecorder.name);
  private waiting = new Map<string, Waiting>();
  private running: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly repository: GuessLockRepository,
    private readonly known: KnownGuessLocks,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Resolves when the tally is stored and a lock that it made is known here. Never rejects: the answer was decided before,
   * and the till gets it.
   */
  record(guesser: Guesser, tally: GuessTally): Promise<void> {
    const key = `${guesser.keyId}/${guesser.channelId}`;
    const earlier = this.waiting.get(key);
    this.waiting.set(key, { ...guesser, tally: earlier ? sum(earlier.tally, tally) : tally });
    this.next ??= this.running.then(() => this.writeWaiting());
    return this.next;
  }

  private async writeWaiting(): Promise<void> {
    const waiting = [...this.waiting.values()];
    this.waiting = new Map();
    this.running = this.next ?? this.running;
    this.next = undefined;
    try {
      const counted = await retryTransaction(() =>
        this.database.separateTransaction((tx) => this.countIn(tx, waiting)),
      );
      for (const one of counted) this.tell(one);
    } catch (error) {
      this.logger.warn(`failed look-ups are not counted: ${String(error)}`);
    }
  }

  private async countIn(tx: Tx, waiting: readonly Waiting[]): Promise<Counted[]> {
    const tallies = new Map(waiting.map((one) => [`${one.keyId}/${one.channelId}`, one.tally]));
    const guessers = waiting.map((one) => ({ ...one, id: this.clock.newId() }));
    const counted = (await this.repository.lockMeters(tx, guessers)).map((locked) => {
      return count(locked, tallies.get(`${locked.keyId}/${locked.channelId}`)!);
    });
    const changes = counted.flatMap(({ change }) => change ?? []);
    await this.repository.store(tx, counted, changes);
    return counted;
  }

  private tell({ change, isNewLock, meter, redeemerPartnerId, keyId, channelId }: Counted): void {
    if (change) this.known.learn(change);
    if (!change || !isNewLock) return;
    this.metrics.guessLocks.inc();
    const seconds = Math.ceil(change.remainingMs / 1000);
    this.logger.warn(
      `the key ${keyId} of partner ${redeemerPartnerId} failed too often at channel ${channelId}: locked out there for ${seconds} s, lock ${meter.locksInRow} in a row`,
    );
  }
}

/** A lock that holds is told again when it is not new: it may have become longer, and this process may have missed it. */
function count(locked: LockedMeter, tally: GuessTally): Counted {
  const { now, keyId, channelId } = locked;
  const meter = countGuesses(locked.meter, tally, now);
  const remainingMs = remainingWait(meter, now);
  const change = remainingMs > 0 ? { keyId, channelId, remainingMs } : null;
  return { ...locked, meter, change, isNewLock: change !== null && remainingWait(locked.meter, now) === 0 };
}

function sum(one: GuessTally, other: GuessTally): GuessTally {
  return {
    acceptedBefore: one.acceptedBefore,
    failed: one.failed + other.failed,
    accepted: one.accepted + other.acceptedBefore + other.accepted,
  };
}
