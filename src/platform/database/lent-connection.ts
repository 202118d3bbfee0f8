import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type pg from 'pg';

/** What statements are sent on. */
export type Session = Pick<pg.PoolClient, 'query'>;

/** What node-postgres has and its types do not tell. `end()` would wait for a statement that never ends. */
interface Wire {
  readonly processID: number | null;
  readonly connection: { readonly stream: { cork(): void; uncork(): void; destroy(): void } };
}

/** A connection while somebody uses it. Notices when it breaks, and knows for how long it has been silent. */
export class LentConnection {
  readonly session: Session;
  /** Raised by everything that is heard. */
  heard = 0;
  private heardAt = 0;
  private pending = 0;
  private broken: Error | undefined;
  private isGathering = false;

  constructor(private readonly client: pg.PoolClient) {
    const send = client.query.bind(client) as (...statement: unknown[]) => unknown;
    const query = (...statement: unknown[]): unknown => {
      if (client.pipeline) this.gatherThisTurn();
      return this.listenTo(send(...statement));
    };
    this.session = { query: query as pg.PoolClient['query'] };
    // Unheard, the event of a connection that breaks would end the process.
    client.on('error', this.onError);
  }

  /** How long (ms) the statements under way have gone unanswered; 0 when none is. */
  get silentForMs(): number {
    return this.pending === 0 ? 0 : performance.now() - this.heardAt;
  }

  /** The process of PostgreSQL that serves it. */
  get backend(): number {
    return (this.client as unknown as Wire).processID ?? 0;
  }

  /** Breaks it: the statements under way fail at once. */
  cut(): void {
    (this.client as unknown as Wire).connection.stream.destroy();
  }

  /** Gives it back to its pool, which closes it when it is broken. */
  giveBack(): void {
    this.client.off('error', this.onError);
    this.client.release(this.broken);
  }

  private readonly onError = (error: Error): void => void (this.broken = error);

  /** What is sent in one turn of the event loop leaves in one write: a system call costs as much as a statement's way through pg. */
  private gatherThisTurn(): void {
    if (this.isGathering) return;
    this.isGathering = true;
    const { stream } = (this.client as unknown as Wire).connection;
    stream.cork();
    process.nextTick(() => {
      this.isGathering = false;
      stream.uncork();
    });
  }

  private listenTo(answer: unknown): unknown {
    const end = endOf(answer);
    if (!end) return answer;
    if (this.pending === 0) this.heardAt = performance.now();
    this.pending += 1;
    const settle = (): void => {
      this.pending -= 1;
      this.heard += 1;
      this.heardAt = performance.now();
    };
    end.then(settle, settle);
    return answer;
  }
}

/** When a statement has ended: a COPY is a stream that rows are written to. A cursor ends when its user says so. */
export function endOf(answer: unknown): Promise<unknown> | undefined {
  if (answer instanceof Writable) return finished(answer);
  return typeof (answer as Promise<unknown> | undefined)?.then === 'function'
    ? (answer as Promise<unknown>)
    : undefined;
}
