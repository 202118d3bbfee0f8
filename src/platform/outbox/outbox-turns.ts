import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/tx.js';
import type { OutboxRow } from './outbox.js';

/** Before every id there is. */
const BEGINNING = '00000000-0000-0000-0000-000000000000';

export interface TurnRequest {
  readonly topic: string;
  /** First half of the advisory lock's key; the second one is the hash of the redeemer's id. */
  readonly lockSpace: number;
  /** Rows are taken, the oldest first, until they name so many facts. */
  readonly facts: number;
  readonly rows: number;
}

/** The rows of one redeemer that a worker has taken, and with them the redeemer until the transaction ends. */
export interface Turn {
  readonly redeemerPartnerId: string;
  readonly rows: readonly OutboxRow[];
}

/**
 * Who is next. Each turn goes to the next redeemer, in the order of their ids and round again, who has rows and whom no other
 * worker holds at the moment: whatever one of them has uploaded, the others wait for one turn of each at most.
 */
@Injectable()
export class OutboxTurns {
  private last = BEGINNING;

  /** Takes a turn, deleting its rows; undefined when every redeemer with rows is held by another worker, or none has rows. */
  async next(tx: Tx, request: TurnRequest): Promise<Turn | undefined> {
    const { topic, lockSpace } = request;
    const redeemerPartnerId =
      (await lockNext(tx, topic, lockSpace, this.last)) ?? (await lockNext(tx, topic, lockSpace, BEGINNING));
    if (redeemerPartnerId === undefined) return undefined;
    this.last = redeemerPartnerId;
    return { redeemerPartnerId, rows: await takeOldest(tx, redeemerPartnerId, request) };
  }

  /** Whether there are rows for a turn, also of redeemers that another worker holds. */
  async isAnyLeft(tx: Tx, topic: string): Promise<boolean> {
    const row = await tx.row<{ left: boolean }>(
      `select exists (select from outbox o
                       where o.topic = $1 and o.redeemer_partner_id is not null and o.failure is null) as left`,
      [topic],
    );
    return row?.left ?? false;
  }
}

/** Walks along the redeemers that have rows, one look into the index each, and stops at the first that it can lock. */
async function lockNext(
  tx: Tx,
  topic: string,
  lockSpace: number,
  after: string,
): Promise<string | undefined> {
  const nextAfter = (id: string): string =>
    `(select o.redeemer_partner_id from outbox o
       where o.topic = $1 and o.redeemer_partner_id > ${id} and o.redeemer_partner_id is not null and o.failure is null
       order by o.redeemer_partner_id limit 1)`;
  const [locked] = await tx.prepared<{ id: string }>(
    'outbox_lock_next',
    `with recursive waiting (id) as (
       select ${nextAfter('$3::uuid')}
       union all
       select ${nextAfter('w.id')} from waiting w where w.id is not null
     )
     select w.id from waiting w where w.id is not null and pg_try_advisory_xact_lock($2, hashtext(w.id::text)) limit 1`,
    [topic, lockSpace, after],
  );
  return locked?.id;
}

/** A statement of its own: it has to see what the last holder of the lock has committed. */
async function takeOldest(
  tx: Tx,
  redeemerPartnerId: string,
  { topic, facts, rows }: TurnRequest,
): Promise<OutboxRow[]> {
  return tx.prepared<OutboxRow>(
    'outbox_take_oldest',
    `delete from outbox o
      where o.id = any(array(
              select counted.id
                from (select oldest.id, sum(oldest.facts) over (order by oldest.id) - oldest.facts as facts_before
                        from (select w.id, w.facts from outbox w
                               where w.topic = $1 and w.redeemer_partner_id = $2 and w.redeemer_partner_id is not null
                                 and w.failure is null
                               order by w.id limit $4) as oldest) as counted
               where counted.facts_before < $3))
  returning o.id, o.payload`,
    [topic, redeemerPartnerId, facts, rows],
  );
}
