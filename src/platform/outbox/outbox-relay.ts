import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { OutboxPublisher } from './outbox-publisher.js';

/** More than this many rows waiting means that the queue store is not keeping up: the sweeper brings the rest. */
const MAX_WAITING = 5_000;
/** Rows per publish call: one queue job carries up to this many references to batches. */
const CHUNK = 200;

/** Publishes outbox rows right after their commit. Never waits and never throws: what it misses, the sweeper publishes. */
@Injectable()
export class OutboxRelay implements OnModuleDestroy {
  private readonly logger = new Logger(OutboxRelay.name);
  private readonly publishers = new Map<string, OutboxPublisher>();
  private readonly waiting = new Map<string, string[]>();
  private readonly running = new Map<string, Promise<void>>();

  /** Called once per topic at start-up. */
  register(publisher: OutboxPublisher): void {
    if (this.publishers.has(publisher.topic))
      throw new Error(`two publishers for the topic ${publisher.topic}`);
    this.publishers.set(publisher.topic, publisher);
    this.waiting.set(publisher.topic, []);
  }

  publish(topic: string, outboxId: string): void {
    const ids = this.waiting.get(topic);
    if (!ids || ids.length >= MAX_WAITING) return;
    ids.push(outboxId);
    if (!this.running.has(topic)) this.running.set(topic, this.flush(topic));
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.running.values());
  }

  /** One flush per topic at a time: while it runs, more rows gather for the next call. */
  private async flush(topic: string): Promise<void> {
    const ids = this.waiting.get(topic) ?? [];
    try {
      while (ids.length > 0) await this.publishers.get(topic)?.publish(ids.splice(0, CHUNK));
    } catch (error) {
      ids.length = 0;
      this.logger.warn(`the queue store took nothing, the sweeper will publish later: ${String(error)}`);
    } finally {
      this.running.delete(topic);
    }
  }

  /** The publisher of a topic, for the sweeper. */
  publisherOf(topic: string): OutboxPublisher | undefined {
    return this.publishers.get(topic);
  }
}
