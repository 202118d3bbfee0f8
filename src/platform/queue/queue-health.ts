import { Injectable } from '@nestjs/common';
import { withDeadline } from './deadline.js';
import { QueueStore } from './queue-store.js';

@Injectable()
export class QueueHealth {
  constructor(private readonly store: QueueStore) {}

  /** Whether the store answers now; decided within 1 s. That jobs make progress is a different question: see QueueStats. */
  async isUp(): Promise<boolean> {
    try {
      await withDeadline(this.store.ping(), 950, 'the queue store');
      return true;
    } catch {
      return false;
    }
  }
}
