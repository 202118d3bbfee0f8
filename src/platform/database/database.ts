import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { assertCommitted, Connections } from './connections.js';
import { endOf, type Session } from './lent-connection.js';
import { Tx } from './tx.js';

interface OpenTransaction {
  readonly tx: Tx;
  readonly afterCommit: (() => void)[];
}

/** Opens transactions. Services decide where one begins; repositories only receive it. */
@Injectable()
export class Database {
  private readonly ambient = new AsyncLocalStorage<OpenTransaction>();
  /**
   * Transactions that are open in `ambient`. With none it is switched off: while it is on, Node 20 runs a hook for every promise of the
   * process, which made each redemption a tenth dearer.
   */
  private open = 0;

  constructor(
    private readonly source: DataSource,
    private readonly connections: Connections = new Connections(),
  ) {}

  /**
   * Runs `work` in one transaction. Inside another `transaction` it joins that one, so that a request with an
   * Idempotency-Key commits its effects and its stored answer together.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const outer = this.ambient.getStore();
    if (outer) return work(outer.tx);
    const afterCommit: (() => void)[] = [];
    this.open += 1;
    const result = await this.begin((tx) => this.ambient.run({ tx, afterCommit }, () => work(tx))).finally(
      () => {
        this.open -= 1;
        if (this.open === 0) this.ambient.disable();
      },
    );
    for (const action of afterCommit) action();
    return result;
  }

  /**
   * Runs `action` once the open transaction, which may be an outer one, has committed; at once when none is open.
   * For what others would look for too early, such as publishing an outbox row. It must not throw.
   */
  afterCommit(action: () => void): void {
    const open = this.ambient.getStore();
    if (open) open.afterCommit.push(action);
    else action();
  }

  /** Runs `work` in a transaction of its own even when one is open: for the decision batcher, which serves many requests. */
  async separateTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.begin((tx) => this.ambient.exit(() => work(tx)));
  }

  /** Reads outside a transaction (inside the open one when there is one). */
  async read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const outer = this.ambient.getStore();
    if (outer) return work(outer.tx);
    return this.connections.use(this.pool, (session) => work(new Tx(inTurn(session))));
  }

  /** Reads one consistent state: every statement inside sees the same snapshot. */
  async snapshot<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.separateTransaction(async (tx) => {
      await tx.execute('set transaction isolation level repeatable read, read only');
      return work(tx);
    });
  }

  private begin<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.connections.use(this.pool, async (session) => {
      await session.query('begin');
      let result: T;
      try {
        result = await work(new Tx(inTurn(session)));
      } catch (error) {
        // The connection may be the thing that broke: what matters then is the first error.
        await session.query('rollback').catch(() => undefined);
        throw error;
      }
      assertCommitted(await session.query('commit'));
      return result;
    });
  }

  /** TypeORM's own pool, without the query runner that would hand a broken connection to the next caller. */
  private get pool(): pg.Pool {
    return (this.source.driver as unknown as { readonly master: pg.Pool }).master;
  }
}

/** Statements that are asked for together are sent one by one: a connection that is not pipelined takes the next when it has answered. */
function inTurn(session: Session): Session {
  let last: Promise<unknown> = Promise.resolve();
  const query = (...statement: Parameters<Session['query']>): Promise<unknown> => {
    const answer = last.then(() => session.query(...statement) as unknown);
    last = answer.then(endOf).catch(() => undefined);
    return answer;
  };
  return { query: query as Session['query'] };
}
