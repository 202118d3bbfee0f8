import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import type { Tx } from '../database/tx.js';

export interface OutboxRow {
  readonly id: string;
  readonly payload: unknown;
}

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
}
