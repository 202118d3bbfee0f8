import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import type { Tx } from '../database/tx.js';

export interface OutboxRow {
  readonly id: string;
  readonly payload: unknown;
}

/** With the sweeper's growing waits this is about two minutes. */
const SWEEPS_BEFORE_PARKING = 6;

/**
 * Work that was committed and not done yet. A row is written in the transaction of the fact, published after the commit, and
 * deleted in the transaction that does its work: so the queue store may lose everything and nothing is lost.
 */
@Injectable()
export class Outbox {
  constructor(private readonly clock: Clock) {}

  /** Writes a row; hand the id to the relay once the transaction has committed. */
  async append(tx: Tx, topic: string, payload: object): Promise<string> {
    const id = this.clock.newId();
    await tx.prepared('outbox_append', 'insert into outbox (id, topic, payload) values ($1, $2, $3)', [
      id,
      topic,
      JSON.stringify(payload),
    ]);
    return id;
  }

  /** Takes rows to work on until the transaction ends. Rows that another worker holds or has finished are left out. */
  async take(tx: Tx, ids: readonly string[]): Promise<OutboxRow[]> {
    return tx.rows<OutboxRow>(
      `select o.id, o.payload from outbox o where o.id = any($1) order by o.id for update skip locked`,
      [ids],
    );
  }

  async done(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.execute('delete from outbox o where o.id = any($1)', [ids]);
  }

  /**
   * Marks rows whose work failed for a reason that waiting does not mend. The sweeper tries them some more times, since the
   * reason may lie in something else that is being repaired; then they stay, parked with the reason, until somebody looks.
   */
  async fail(tx: Tx, ids: readonly string[], reason: string): Promise<void> {
    await tx.execute(
      `update outbox o
          set failure = left($2, 1000),
              publish_after = case when o.sweeps < $3 then o.publish_after else 'infinity' end
        where o.id = any($1)`,
      [ids, reason, SWEEPS_BEFORE_PARKING],
    );
  }
}
