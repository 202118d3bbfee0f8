import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { OutboxPublisher } from './outbox-publisher.js';

/** More than this many rows waiting means that the queue store is not keeping up: the sweeper brings the rest. */
const MAX_WAITING = 5_000;
/** Rows per publish call. */
const CHUNK = 200;
/** What is committed meanwhile rings together: a busy process rings fifty times a second instead of once per transaction. */
const GATHER_MS = 20;

interface Line {
  readonly publisher: OutboxPublisher;
  readonly ids: string[];
  isRung: boolean;
  running: Promise<void> | undefined;
}

/** Announces outbox rows right after their commit. Never waits and never throws: what it misses, the sweeper announces. */
@Injectable()
export class OutboxRelay implements OnModuleDestroy {
  private readonly logger = new Logger(OutboxRelay.name);
  private readonly lines = new Map<string, Line>();

  /** Called once per topic at start-up. */
  register(publisher: OutboxPublisher): void {
    if (this.lines.has(publisher.topic)) throw new Error(`two publishers for the topic ${publisher.topic}`);
    this.lines.set(publisher.topic, { publisher, ids: [], isRung: false, running: undefined });
  }

  /** Announces a row that is done by its id. */
  publish(topic: string, outboxId: string): void {
    const line = this.lines.get(topic);
    if (!line || line.ids.length >= MAX_WAITING) return;
    line.ids.push(outboxId);
    line.running ??= this.flush(line);
  }

  /** Announces shares. */
  ring(topic: string): void {
    const line = this.lines.get(topic);
    if (!line) return;
    line.isRung = true;
    line.running ??= this.flush(line);
  }

  /** For the sweeper. */
  publishers(): OutboxPublisher[] {
    return [...this.lines.values()].map((line) => line.publisher);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.lines.values()].flatMap((line) => line.running ?? []));
  }

  /** One flush per topic at a time: while it runs, more gathers for the next call. */
  private async flush(line: Line): Promise<void> {
    const { publisher, ids } = line;
    try {
      while (ids.length > 0 || line.isRung) {
        if (ids.length > 0) await publisher.publish(ids.splice(0, CHUNK));
        if (!line.isRung) continue;
        await sleep(GATHER_MS);
        line.isRung = false;
        await publisher.ring?.();
      }
    } catch (error) {
      ids.length = 0;
      line.isRung = false;
      this.logger.warn(`the queue store took nothing, the sweeper will publish later: ${String(error)}`);
    } finally {
      line.running = undefined;
    }
  }
}
