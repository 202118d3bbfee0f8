import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/tx.js';

export interface StoredAnswer {
  readonly fingerprint: Buffer;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

export interface IdempotencyClaim {
  readonly owner: string;
  readonly key: string;
  readonly route: string;
  readonly fingerprint: Buffer;
}

@Injectable()
export class IdempotencyRepository {
  /**
   * Takes a key for this transaction, or answers what was stored under it. A second request with the same key waits at the
   * unique constraint until the first has committed (then it finds the answer) or failed (then it takes the key).
   */
  async claim(tx: Tx, claim: IdempotencyClaim): Promise<StoredAnswer | undefined> {
    const taken = await tx.execute(
      `insert into idempotency_keys (owner, key, route, fingerprint) values ($1, $2, $3, $4) on conflict do nothing`,
      [claim.owner, claim.key, claim.route, claim.fingerprint],
    );
    if (taken === 1) return undefined;
    return tx.row<StoredAnswer>(
      `select k.fingerprint, k.status, k.headers, k.body from idempotency_keys k where k.owner = $1 and k.key = $2`,
      [claim.owner, claim.key],
    );
  }

  async store(tx: Tx, claim: IdempotencyClaim, answer: Omit<StoredAnswer, 'fingerprint'>): Promise<void> {
    await tx.execute(
      `update idempotency_keys k set status = $3, headers = $4, body = $5 where k.owner = $1 and k.key = $2`,
      [
        claim.owner,
        claim.key,
        answer.status,
        JSON.stringify(answer.headers),
        JSON.stringify(answer.body ?? null),
      ],
    );
  }
}
