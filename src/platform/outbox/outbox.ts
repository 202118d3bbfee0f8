import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import type { Tx } from '../database/tx.js';

export interface OutboxRow {
  readonly id: string;
  readonly payload: unknown;
}

/** Facts of one redeemer. Workers take turns with the redeemers, so that the backlog of one does not hold up the others. */
export interface Share {
  readonly redeemerPartnerId: string;
  readonly payload: object;
  /** How many facts the payload names, at least one: a worker takes rows until it has enough for a transaction. */
  readonly facts: number;
}

/** With the growing waits between them this is about two minutes. */
const TRIES_BEFORE_PARKING = 6;

/**
 * Work that was committed and not done yet. A row is written in the transaction of the fact, announced after the commit, and
 * deleted in the transaction that does its work: so the queue store may lose everything and nothing is lost.
 */
@Injectable()
export class Outbox {
  constructor(private readonly clock: Clock) {}

  /** Writes a row that is done by its id; hand the id to the relay once the transaction has committed. */
  async append(tx: Tx, topic: string, payload: object): Promise<string> {
    const id = this.clock.newId();
    await tx.prepared('outbox_append', 'insert into outbox (id, topic, payload) values ($1, $2, $3)', [
      id,
      topic,
      JSON.stringify(payload),
    ]);
    return id;
  }

  /** Writes one row per share, in one statement, and answers their ids; ring the relay once the transaction has committed. */
  async share(tx: Tx, topic: string, shares: readonly Share[]): Promise<string[]> {
    if (shares.length === 0) return [];
    const ids = shares.map(() => this.clock.newId());
    await tx.prepared(
      'outbox_share',
      `insert into outbox (id, topic, payload, redeemer_partner_id, facts)
       select given.id, $1, given.payload::jsonb, given.redeemer_partner_id, given.facts
         from unnest($2::uuid[], $3::text[], $4::uuid[], $5::integer[]) as given (id, payload, redeemer_partner_id, facts)`,
      [
        topic,
        ids,
        shares.map((one) => JSON.stringify(one.payload)),
        shares.map((one) => one.redeemerPartnerId),
        shares.map((one) => one.facts),
      ],
    );
    return ids;
  }

  /** Takes rows to work on until the transaction ends. Rows that another worker holds or has finished are left out. */
  async take(tx: Tx, ids: readonly string[]): Promise<OutboxRow[]> {
    return tx.rows<OutboxRow>(
      `select o.id, o.payload from outbox o where o.id = any($1) order by o.id for update skip locked`,
      [ids],
    );
  }

  /** Takes and finishes rows at once: they are gone when the transaction commits. Rows that another worker holds are left out. */
  async finish(tx: Tx, ids: readonly string[]): Promise<OutboxRow[]> {
    return tx.rows<OutboxRow>(
      `delete from outbox o
        where o.id = any(array(select w.id from outbox w where w.id = any($1) for update skip locked))
    returning o.id, o.payload`,
      [ids],
    );
  }

  async done(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.execute('delete from outbox o where o.id = any($1)', [ids]);
  }

  /**
   * Puts rows in the place of one whose work failed, so that the part of it that is at fault is found; answers their ids. None
   * when the row has gone meanwhile. The new rows are as old as the one they replace and keep its tries.
   */
  async split(tx: Tx, id: string, parts: readonly Pick<Share, 'payload' | 'facts'>[]): Promise<string[]> {
    const rows = await tx.rows<{ id: string }>(
      `with whole as (delete from outbox o where o.id = $1 returning o.*)
       insert into outbox (id, topic, payload, redeemer_partner_id, facts, created_at, attempts)
       select part.id, w.topic, part.payload::jsonb, w.redeemer_partner_id, part.facts, w.created_at, w.attempts
         from whole w cross join unnest($2::uuid[], $3::text[], $4::integer[]) as part (id, payload, facts)
    returning id`,
      [
        id,
        parts.map(() => this.clock.newId()),
        parts.map((part) => JSON.stringify(part.payload)),
        parts.map((part) => part.facts),
      ],
    );
    return rows.map((row) => row.id);
  }

  /**
   * Counts a try of these rows that failed for a reason that waiting does not mend, and keeps the reason. They are tried again
   * by themselves for some minutes, since the reason may lie in something that is being repaired; then they stay, parked with
   * the reason, until somebody looks. Answers how many of the rows are still there.
   */
  async fail(tx: Tx, ids: readonly string[], reason: string): Promise<number> {
    return tx.execute(
      `update outbox o
          set failure = left($2, 1000), attempts = o.attempts + 1,
              publish_after = case when o.attempts + 1 < $3
                                   then now() + least(interval '10 seconds' * power(2, o.attempts), interval '30 seconds')
                                   else 'infinity' end
        where o.id = any($1)`,
      [ids, reason, TRIES_BEFORE_PARKING],
    );
  }
}
