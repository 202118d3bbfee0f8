import { randomFillSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { uuidV7 } from '../../kernel/ids.js';

/** Of one UUID. */
const RANDOM_BYTES = 10;
/** Drawn at once: asking the system for ten bytes at a time costs more than all else about an id. */
const DRAWN_BYTES = 400 * RANDOM_BYTES;

/** The only place that asks what time it is on this machine; decisions about windows ask the database instead. */
@Injectable()
export class Clock {
  private readonly drawn = Buffer.alloc(DRAWN_BYTES);
  private spent = DRAWN_BYTES;

  /** Epoch milliseconds. */
  now(): number {
    return Date.now();
  }

  /** A new UUID v7: sorts by the time it was made. */
  newId(): string {
    if (this.spent === DRAWN_BYTES) {
      randomFillSync(this.drawn);
      this.spent = 0;
    }
    const random = this.drawn.subarray(this.spent, this.spent + RANDOM_BYTES);
    this.spent += RANDOM_BYTES;
    return uuidV7(Date.now(), random);
  }
}
