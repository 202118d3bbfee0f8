import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

export interface Backlog {
  readonly rows: number;
  readonly oldestSeconds: number;
  /** Given up: the reason is in outbox.failure. */
  readonly parked: number;
}

/** How much committed work waits, and for how long the oldest of it has. */
@Injectable()
export class OutboxBacklog {
  constructor(private readonly database: Database) {}

  async measure(): Promise<Backlog> {
    const row = await this.database.read((tx) =>
      tx.row<Backlog>(
        `select count(*) filter (where isfinite(o.publish_after))::integer as rows,
                coalesce(extract(epoch from now() - min(o.created_at) filter (where isfinite(o.publish_after))), 0)::float8
                  as "oldestSeconds",
                count(*) filter (where not isfinite(o.publish_after))::integer as parked
           from outbox o`,
      ),
    );
    return row ?? { rows: 0, oldestSeconds: 0, parked: 0 };
  }
}
