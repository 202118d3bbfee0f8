import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { assertCommitted, Connections } from './connections.js';
import { CONNECT_TIMEOUT_MS, SESSION_OPTIONS } from './data-source.js';
import { Tx } from './tx.js';

/** One is busy with the running batch of decisions; the others answer validations and reservations beside it. */
const CONNECTIONS = 4;

/** What a transaction came to, with the last statements, sent but not waited for: the commit travels with them. */
export interface Sent<T> {
  readonly result: T;
  readonly writes: readonly Promise<unknown>[];
}

/**
 * Connections of the tills, apart from the pool of everything else: a decision never waits behind reports, and a statement may be
 * sent before the one before it has been answered. A decision is a dozen statements; waiting for each would let it wait for
 * the event loop a dozen times. Statements of one transaction still run one after another, each with a snapshot of its own.
 */
@Injectable()
export class PipelinedDatabase implements OnApplicationShutdown {
  private readonly pool: pg.Pool;

  constructor(
    url: string,
    private readonly connections: Connections = new Connections(),
  ) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      options: SESSION_OPTIONS,
      application_name: 'tandem tills',
      keepAlive: true,
      pipeline: true,
    });
    // An idle connection that breaks is replaced by the pool; unheard, the event would end the process.
    this.pool.on('error', () => undefined);
  }

  /**
   * Runs `work` in one transaction. `begin` travels with its first statements and `commit` with its `writes`; when one of them
   * fails, PostgreSQL rolls back and the first failure is thrown. Everything `work` must look at has to be awaited before.
   */
  async transaction<T>(work: (tx: Tx) => Promise<Sent<T>>): Promise<T> {
    return this.connections.use(this.pool, async (session) => {
      const begun = session.query('begin');
      begun.catch(() => undefined);
      try {
        const { result, writes } = await work(new Tx(session));
        const committed = session.query('commit');
        await Promise.all([begun, ...writes, committed]);
        assertCommitted(await committed);
        return result;
      } catch (error) {
        // Whatever else is wrong, what matters is the first error.
        await session.query('rollback').catch(() => undefined);
        throw error;
      }
    });
  }

  /** Reads outside a transaction. */
  async read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.connections.use(this.pool, (session) => work(new Tx(session)));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
