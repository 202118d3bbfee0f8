import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { API_KEYS_CHANGED } from './partner-notifications.js';

/** Marks the one operator key that the start sets. */
const BOOTSTRAP = 'bootstrap';

/** Any constant will do, as long as nobody else uses it. */
const BOOTSTRAP_LOCK = 7_263_338;

@Injectable()
export class OperatorKeyRepository {
  /** Lets one process at a time decide about the operator key, until its transaction ends. */
  async lock(tx: Tx): Promise<void> {
    await tx.execute('select pg_advisory_xact_lock($1)', [BOOTSTRAP_LOCK]);
  }

  async hasUsableKey(tx: Tx): Promise<boolean> {
    const rows = await tx.rows(
      `select 1 from api_keys k
       where k.role = 'operator' and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
       limit 1`,
    );
    return rows.length > 0;
  }

  /** Makes this the bootstrap key, whatever it was before; false when the id belongs to a partner's key. */
  async put(tx: Tx, keyId: string, secretHash: Buffer): Promise<boolean> {
    const put = await tx.rows(
      `with put as (
         insert into api_keys as k (id, role, label, secret_hash) values ($1, 'operator', $2, $3)
         on conflict (id) do update
           set secret_hash = excluded.secret_hash, label = excluded.label, expires_at = null, revoked_at = null
           where k.role = 'operator'
         returning k.id)
       select pg_notify($4, p.id) from put p`,
      [keyId, BOOTSTRAP, secretHash, API_KEYS_CHANGED],
    );
    return put.length > 0;
  }

  /** Revokes every other bootstrap key. */
  async revokeOthers(tx: Tx, keyId: string): Promise<void> {
    await tx.rows(
      `with revoked as (
         update api_keys k set revoked_at = now()
         where k.role = 'operator' and k.label = $2 and k.id <> $1 and k.revoked_at is null
         returning k.id)
       select pg_notify($3, r.id) from revoked r`,
      [keyId, BOOTSTRAP, API_KEYS_CHANGED],
    );
  }
}
