import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

export interface Backlog {
  readonly rows: number;
  readonly oldestSeconds: number;
}

/** How much committed work waits, and for how long the oldest of it has. */
@Injectable()
export class OutboxBacklog {
  constructor(private readonly database: Database) {}

  async measure(): Promise<Backlog> {
    const row = await this.database.read((tx) =>
      tx.row<Backlog>(
        `select count(*)::integer as rows,
                coalesce(extract(epoch from now() - min(o.created_at)), 0)::float8 as "oldestSeconds"
           from outbox o`,
      ),
    );
    return row ?? { rows: 0, oldestSeconds: 0 };
  }
}
