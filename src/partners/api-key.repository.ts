import { Injectable } from '@nestjs/common';
import type { PartnerRole, Role } from '../platform/auth/principal.js';
import type { Tx } from '../platform/database/tx.js';
import type { PageRequest } from '../platform/http/page.js';
import { API_KEYS_CHANGED } from './partner-notifications.js';

/** A partner's key without its secret. */
export interface ApiKey {
  readonly id: string;
  readonly role: PartnerRole;
  readonly label: string;
  readonly channelId: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface NewApiKey extends Pick<ApiKey, 'id' | 'role' | 'label' | 'channelId' | 'expiresAt'> {
  readonly partnerId: string;
  readonly secretHash: Buffer;
}

/** What it takes to judge a presented key. */
export interface LiveApiKey {
  readonly id: string;
  readonly role: Role;
  readonly partnerId: string | null;
  readonly channelId: string | null;
  readonly secretHash: Buffer;
  /** A stretch by the clock of the database and not an instant: the clocks of processes differ. Null: never. */
  readonly expiresInMs: number | null;
}

const COLUMNS = `
  k.id, k.role, k.label, k.channel_id as "channelId", k.created_at as "createdAt", k.expires_at as "expiresAt",
  k.revoked_at as "revokedAt"`;

@Injectable()
export class ApiKeyRepository {
  async add(tx: Tx, key: NewApiKey): Promise<ApiKey> {
    const [added] = await tx.rows<ApiKey>(
      `insert into api_keys as k (id, partner_id, role, channel_id, label, secret_hash, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7)
       returning ${COLUMNS}`,
      [key.id, key.partnerId, key.role, key.channelId, key.label, key.secretHash, key.expiresAt],
    );
    if (!added) throw new Error('an insert answered no row');
    return added;
  }

  /** One row more than the page shows, oldest first. Key ids do not sort by time, so the cursor's row says where to go on. */
  async list(tx: Tx, partnerId: string, page: PageRequest): Promise<ApiKey[]> {
    return tx.rows<ApiKey>(
      `select ${COLUMNS}
       from api_keys k
       where k.partner_id = $1
         and ($2::text is null or (k.created_at, k.id) > (
           select c.created_at, c.id from api_keys c where c.partner_id = $1 and c.id = $2))
       order by k.created_at, k.id
       limit $3`,
      [partnerId, page.after, page.limit + 1],
    );
  }

  /** Revokes a key in every process at once; false when the partner has no such key. A second time changes nothing. */
  async revoke(tx: Tx, partnerId: string, keyId: string): Promise<boolean> {
    const revoked = await tx.rows(
      `with revoked as (
         update api_keys k set revoked_at = coalesce(k.revoked_at, now())
         where k.partner_id = $1 and k.id = $2
         returning k.id)
       select pg_notify($3, r.id) from revoked r`,
      [partnerId, keyId, API_KEYS_CHANGED],
    );
    return revoked.length > 0;
  }

  /** Those of the keys that exist and are not revoked, by id. */
  async findLive(tx: Tx, ids: readonly string[]): Promise<Map<string, LiveApiKey>> {
    const rows = await tx.prepared<LiveApiKey>(
      'find-live-api-keys',
      `select k.id, k.role, k.partner_id as "partnerId", k.channel_id as "channelId", k.secret_hash as "secretHash",
              extract(epoch from k.expires_at - now())::float8 * 1000 as "expiresInMs"
       from api_keys k where k.id = any($1::text[]) and k.revoked_at is null`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }
}
