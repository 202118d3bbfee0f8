import { Injectable } from '@nestjs/common';
import { TandemError } from '../kernel/errors.js';
import { Clock } from '../platform/clock/clock.js';

/** Transactions at once. More would not issue faster, for they share processors and disks, but keep reports from the pool. */
const PLACES = 4;

/** Some seconds of work; more would time out at the tills. */
const ROOM = 2_000;

/** A till has given up by then. With a database that does not answer, those in line must not each wait for it in turn. */
const PATIENCE_MS = 10_000;

interface Waiting {
  readonly since: number;
  readonly enter: () => void;
  readonly turnAway: (error: TandemError) => void;
}

/** Lets a few issuances run at once; the others wait in line without a connection, or are asked to come back. */
@Injectable()
export class IssuanceGate {
  private running = 0;
  private readonly line: Waiting[] = [];

  constructor(private readonly clock: Clock) {}

  /** Runs `work` when it is its turn. Throws 503 when the line is too long or does not move. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.running < PLACES) {
      this.running += 1;
      return;
    }
    if (this.line.length >= ROOM) throw tooBusy();
    await new Promise<void>((enter, turnAway) =>
      this.line.push({ since: this.clock.now(), enter, turnAway }),
    );
  }

  /** Gives the place to the first in line who is still waiting for an answer. */
  private leave(): void {
    const hopeless = this.clock.now() - PATIENCE_MS;
    for (let next = this.line.shift(); next; next = this.line.shift()) {
      if (next.since >= hopeless) {
        next.enter();
        return;
      }
      next.turnAway(tooBusy());
    }
    this.running -= 1;
  }
}

function tooBusy(): TandemError {
  const detail = 'Too many coupons are being asked for; ask for this one again in a second.';
  return new TandemError('operational', 'service.busy', detail, {
    status: 503,
    title: 'Service busy',
    retryAfterSeconds: 1,
  });
}
