import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/tx.js';
import type { PageRequest } from '../http/page.js';

/** An outbox row that was given up. It names facts by their ids, nothing else. */
export interface ParkedRow {
  readonly id: string;
  readonly topic: string;
  readonly redeemerPartnerId: string | null;
  readonly facts: number;
  readonly payload: unknown;
  readonly attempts: number;
  readonly failure: string;
  readonly createdAt: Date;
}

export interface RetriedRow {
  readonly id: string;
  readonly topic: string;
}

@Injectable()
export class ParkedWorkRepository {
  /** Up to limit + 1 rows, the oldest first. */
  async list(tx: Tx, { after, limit }: PageRequest): Promise<ParkedRow[]> {
    return tx.rows<ParkedRow>(
      `select o.id, o.topic, o.redeemer_partner_id as "redeemerPartnerId", o.facts, o.payload, o.attempts, o.failure,
              o.created_at as "createdAt"
         from outbox o
        where o.publish_after = 'infinity' and o.failure is not null and ($1::uuid is null or o.id > $1)
        order by o.id
        limit $2 + 1`,
      [after, limit],
    );
  }

  /** Gives parked rows all their tries again, one of them or all; the reason stays with a row until it is done. */
  async retry(tx: Tx, id: string | null): Promise<RetriedRow[]> {
    return tx.rows<RetriedRow>(
      `update outbox o
          set publish_after = now() + interval '10 seconds', attempts = 0, sweeps = 0
        where o.publish_after = 'infinity' and o.failure is not null and ($1::uuid is null or o.id = $1)
    returning o.id, o.topic`,
      [id],
    );
  }
}
