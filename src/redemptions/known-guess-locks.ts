import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { Listener, type Subscriber } from '../platform/database/listener.js';
import { fromPayload, GUESS_LOCKS_CHANGED, type GuessLockChange } from './guess-lock-notifications.js';
import { GuessLockRepository } from './guess-lock.repository.js';

/**
 * The guess locks that hold now, of all processes, in memory: a till that is not locked out pays one look at a map for
 * them. While changes cannot be heard the locks known so far go on, and a lock made elsewhere is learned when its key
 * fails here.
 */
@Injectable()
export class KnownGuessLocks implements Subscriber, OnApplicationBootstrap {
  private readonly logger = new Logger(KnownGuessLocks.name);
  /** Ends of locks by this process's clock, epoch ms; one that has passed goes when it is looked at. */
  private readonly ends = new Map<string, number>();
  /** What changed while the locks are being read: it is newer than what is read. */
  private changedMeanwhile: Set<string> | undefined;

  constructor(
    private readonly database: Database,
    private readonly repository: GuessLockRepository,
    private readonly clock: Clock,
    private readonly listener: Listener,
  ) {
    listener.subscribe(GUESS_LOCKS_CHANGED, this);
  }

  /** Before the first request: a restart lifts no lock. */
  async onApplicationBootstrap(): Promise<void> {
    await this.readAll();
  }

  /** How long a key is locked out at a channel, ms; 0 when it is not. */
  remainingMs(keyId: string, channelId: string): number {
    if (this.ends.size === 0) return 0;
    const guesser = `${keyId}/${channelId}`;
    const end = this.ends.get(guesser);
    if (end === undefined) return 0;
    const remaining = end - this.clock.now();
    if (remaining > 0) return remaining;
    this.ends.delete(guesser);
    return 0;
  }

  learn({ keyId, channelId, remainingMs }: GuessLockChange): void {
    const guesser = `${keyId}/${channelId}`;
    this.changedMeanwhile?.add(guesser);
    if (remainingMs > 0) this.ends.set(guesser, this.clock.now() + remainingMs);
    else this.ends.delete(guesser);
  }

  onMessage(payload: string): void {
    this.learn(fromPayload(payload));
  }

  /** Told when the line was lost, which changes nothing, and when it is back, which may have been too late for some. */
  onGap(): void {
    if (this.listener.isListening) void this.readAll();
  }

  private async readAll(): Promise<void> {
    const changed = new Set<string>();
    this.changedMeanwhile = changed;
    try {
      const holding = await this.database.separateTransaction((tx) => this.repository.holding(tx));
      if (this.changedMeanwhile === changed) this.replaceBut(changed, holding);
    } catch (error) {
      this.logger.warn(`the guess locks cannot be read: ${String(error)}`);
    }
    // Unless somebody began to read later than this.
    if (this.changedMeanwhile === changed) this.changedMeanwhile = undefined;
  }

  private replaceBut(changed: ReadonlySet<string>, holding: readonly GuessLockChange[]): void {
    this.changedMeanwhile = undefined;
    for (const guesser of this.ends.keys()) if (!changed.has(guesser)) this.ends.delete(guesser);
    for (const lock of holding) if (!changed.has(`${lock.keyId}/${lock.channelId}`)) this.learn(lock);
  }
}
