import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { QueueHealth } from '../queue/queue-health.js';

export interface ReadyState {
  readonly status: 'up' | 'degraded' | 'down' | 'stopping';
  readonly database: 'up' | 'down';
  readonly queue: 'up' | 'down';
}

/** An orchestrator asks every few seconds and wants to hear soon. */
const ANSWER_WITHIN_MS = 1_000;

@Injectable()
export class Readiness {
  private isStopping = false;

  constructor(
    private readonly database: Database,
    private readonly queue: QueueHealth,
  ) {}

  /** From now on whoever asks is told to send no more requests. */
  announceStop(): void {
    this.isStopping = true;
  }

  async check(): Promise<ReadyState> {
    const [databaseUp, queueUp] = await Promise.all([
      within(this.schemaIsThere()),
      within(this.queue.isUp()),
    ]);
    const status = databaseUp ? (queueUp ? 'up' : 'degraded') : 'down';
    return {
      status: this.isStopping ? 'stopping' : status,
      database: databaseUp ? 'up' : 'down',
      queue: queueUp ? 'up' : 'down',
    };
  }

  /** The start runs the migrations; a database that was swapped for an empty one is not ready. */
  private async schemaIsThere(): Promise<boolean> {
    const row = await this.database.read((tx) =>
      tx.row<{ ready: boolean }>(`select to_regclass('idempotency_keys') is not null as ready`),
    );
    return row?.ready ?? false;
  }
}

async function within(question: Promise<boolean>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, ANSWER_WITHIN_MS, false).unref());
  return Promise.race([question.catch(() => false), late]);
}
