import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { TandemError, unavailable } from '../../kernel/errors.js';
import { translateDatabaseError } from './database-errors.js';
import { LentConnection, type Session } from './lent-connection.js';

/** Lends connections of the process's pools, and lends none while PostgreSQL is known to be out of reach. */
@Injectable()
export class Connections {
  /** Called when no connection was to be had in time: PostgreSQL may be out of reach, or only busy. */
  onTimeout: () => void = () => undefined;
  private readonly pools = new Set<pg.Pool>();
  private readonly lent = new Set<LentConnection>();
  private isOutOfReach = false;

  /** Runs `work` on a connection of the pool. Throws 503 when there is none, or when it breaks. */
  async use<T>(pool: pg.Pool, work: (session: Session) => Promise<T>): Promise<T> {
    if (this.isOutOfReach) throw unavailable('The database is out of reach at the moment.', 1);
    try {
      const connection = await this.take(pool);
      try {
        return await work(connection.session);
      } finally {
        this.lent.delete(connection);
        connection.giveBack();
      }
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  get isReachable(): boolean {
    return !this.isOutOfReach;
  }

  /** Whoever asks for a connection from now on is refused at once instead of waiting for one. */
  declareOutOfReach(): void {
    this.isOutOfReach = true;
  }

  declareReachable(): void {
    this.isOutOfReach = false;
  }

  /** Those whose statements have gone unanswered for at least that long. */
  silentFor(ms: number): LentConnection[] {
    return [...this.lent].filter((connection) => connection.silentForMs >= ms);
  }

  /** Closes what nobody uses at the moment: it went the same way as a connection that was found dead. */
  dropIdle(): void {
    for (const pool of this.pools) {
      for (let idle = pool.idleCount; idle > 0; idle -= 1) {
        pool.connect().then(
          (client) => {
            const connection = new LentConnection(client);
            connection.cut();
            client.release(true);
          },
          () => undefined,
        );
      }
    }
  }

  private async take(pool: pg.Pool): Promise<LentConnection> {
    this.pools.add(pool);
    try {
      const connection = new LentConnection(await pool.connect());
      this.lent.add(connection);
      return connection;
    } catch (error) {
      if (/timeout/.test(String(error))) this.onTimeout();
      throw error;
    }
  }
}

/**
 * What a commit came to. PostgreSQL answers the commit of a transaction in which something failed with a rollback and no error:
 * should the failure have been overlooked, nobody may be told that it is done.
 */
export function assertCommitted({ command }: { readonly command: string }): void {
  if (command === 'COMMIT') return;
  throw new TandemError('unexpected', 'database.not-committed', `the commit ended as ${command}`);
}
