import { pipeline } from 'node:stream/promises';
import type { QueryResult } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Session } from './lent-connection.js';

/** A row as PostgreSQL sent it: bigint and numeric are strings, timestamptz is a Date, date is a string. */
export type SqlRow = Record<string, unknown>;

/**
 * The handle that repositories take. Wraps the connection because TypeORM's own `query()` answers an
 * `UPDATE … RETURNING` with `[rows, count]`, whose length is always 2: a check of it would bypass limits.
 */
export class Tx {
  constructor(private readonly client: Session) {}

  /** All rows of a statement. */
  async rows<T extends object = SqlRow>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    const result = await this.client.query<T & SqlRow>(sql, params as unknown[]);
    return result.rows;
  }

  /** The first row, or undefined when there is none. */
  async row<T extends object = SqlRow>(sql: string, params: readonly unknown[] = []): Promise<T | undefined> {
    return (await this.rows<T>(sql, params))[0];
  }

  /** Runs a statement and answers how many rows it touched. */
  async execute(sql: string, params: readonly unknown[] = []): Promise<number> {
    const result: QueryResult = await this.client.query(sql, params as unknown[]);
    return result.rowCount ?? 0;
  }

  /** Like `rows`, as a named prepared statement: parsed and planned once per connection. For the hot path. */
  async prepared<T extends object = SqlRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<T[]> {
    const result = await this.client.query<T & SqlRow>({ name, text, values: values as unknown[] });
    return result.rows;
  }

  /**
   * Sends rows for a `COPY … FROM STDIN` in its text format and answers how many arrived. A block holds whole lines, some
   * tens of KB of them; the next one is asked for when the connection has taken the one before it.
   */
  async copyIn(sql: string, blocks: Iterable<string> | AsyncIterable<string>): Promise<number> {
    // In an ordinary transaction statements take their turn, and so does this one.
    const copy = await Promise.resolve(this.client.query(copyFrom(sql)));
    await pipeline(blocks, copy);
    return copy.rowCount;
  }
}
