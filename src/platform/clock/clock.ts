import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { uuidV7 } from '../../kernel/ids.js';

/** The only place that asks what time it is on this machine; decisions about windows ask the database instead. */
@Injectable()
export class Clock {
  /** Epoch milliseconds. */
  now(): number {
    return Date.now();
  }

  /** A new UUID v7: sorts by the time it was made. */
  newId(): string {
    return uuidV7(Date.now(), randomBytes(10));
  }
}
