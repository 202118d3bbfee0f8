import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/auth/principal.js';
import { PrincipalResolver } from '../platform/auth/principal-resolver.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { Listener } from '../platform/database/listener.js';
import { ApiKeyRepository, type LiveApiKey } from './api-key.repository.js';
import { isSecretOf } from './api-key-secret.js';
import { parseApiKey } from './domain/api-key-text.js';
import { GatheredLookups } from './gathered-lookups.js';
import { NotifiedCache } from '../platform/database/notified-cache.js';
import { API_KEYS_CHANGED } from './partner-notifications.js';

interface KnownKey {
  readonly principal: Principal;
  readonly secretHash: Buffer;
  /** By the clock of this process. */
  readonly expiresAt: number;
}

/** Some 500 bytes each: 5 MB when full. */
const KEYS_KEPT = 10_000;
/** A connection may be dead for minutes before anyone notices, and then revocations are missed: ask again in between. */
const KEPT_MS = 60_000;
/** Long enough to blunt a flood of one wrong key, short enough for a key that was just put there by hand. */
const MISS_KEPT_MS = 5_000;

/** Resolves API keys from memory. A revoked key stops working as soon as the notification arrives, an expired one on time. */
@Injectable()
export class ApiKeyPrincipals extends PrincipalResolver {
  private readonly keys: NotifiedCache<KnownKey>;

  constructor(
    private readonly database: Database,
    private readonly repository: ApiKeyRepository,
    private readonly clock: Clock,
    listener: Listener,
  ) {
    super();
    const lookups = new GatheredLookups((ids) => this.findAll(ids));
    this.keys = new NotifiedCache((id) => lookups.find(id), {
      capacity: KEYS_KEPT,
      maxAgeMs: KEPT_MS,
      missMs: MISS_KEPT_MS,
      isListening: () => listener.isListening,
      now: () => clock.now(),
    });
    listener.subscribe(API_KEYS_CHANGED, this.keys);
  }

  override async resolve(apiKey: string): Promise<Principal | undefined> {
    const presented = parseApiKey(apiKey);
    if (!presented) return undefined;
    const known = await this.keys.get(presented.keyId);
    const isProven = isSecretOf(known?.secretHash, presented.secret);
    return isProven && known && this.clock.now() < known.expiresAt ? known.principal : undefined;
  }

  // A transaction of its own: the answer serves other requests than the one that happened to ask.
  private async findAll(ids: string[]): Promise<Map<string, KnownKey>> {
    const found = await this.database.separateTransaction((tx) => this.repository.findLive(tx, ids));
    const now = this.clock.now();
    return new Map(Array.from(found, ([id, key]) => [id, toKnownKey(key, now)]));
  }
}

function toKnownKey(key: LiveApiKey, now: number): KnownKey {
  const expiresAt = key.expiresInMs === null ? Infinity : now + key.expiresInMs;
  return { principal: toPrincipal(key), secretHash: key.secretHash, expiresAt };
}

function toPrincipal({ id, role, partnerId, channelId }: LiveApiKey): Principal {
  if (role === 'operator' && partnerId === null) return { keyId: id, role, partnerId };
  if (role !== 'operator' && partnerId !== null) return { keyId: id, role, partnerId, channelId };
  throw new Error(`key ${id} has the role ${role} and ${partnerId === null ? 'no' : 'a'} partner`);
}
