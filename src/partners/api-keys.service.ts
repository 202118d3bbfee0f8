import { Injectable } from '@nestjs/common';
import { notFound, type TandemError, unprocessable } from '../kernel/errors.js';
import type { PartnerRole, Principal } from '../platform/auth/principal.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { type Page, type PageRequest, toPage } from '../platform/http/page.js';
import { type ApiKey, ApiKeyRepository } from './api-key.repository.js';
import { hashSecret, newApiKey } from './api-key-secret.js';
import { formatApiKey } from './domain/api-key-text.js';
import { assertMaySee } from './partner-access.js';
import { PartnerReadModel } from './partner.read-model.js';

export interface ApiKeyRequest {
  readonly role: PartnerRole;
  readonly channelId: string | null;
  readonly label: string;
  /** Epoch ms; null never expires. */
  readonly expiresAt: number | null;
}

/** A new key with its text, which nobody can read again. */
export type IssuedApiKey = ApiKey & { readonly key: string };

@Injectable()
export class ApiKeysService {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyRepository,
    private readonly partners: PartnerReadModel,
    private readonly clock: Clock,
  ) {}

  async issue(principal: Principal, partnerId: string, request: ApiKeyRequest): Promise<IssuedApiKey> {
    assertMaySee(principal, partnerId);
    return this.database.transaction(async (tx) => {
      await this.assertPartnerExists(tx, partnerId);
      await this.assertUsable(tx, partnerId, request);
      const text = newApiKey();
      const added = await this.keys.add(tx, {
        ...request,
        id: text.keyId,
        partnerId,
        secretHash: hashSecret(text.secret),
        expiresAt: request.expiresAt === null ? null : new Date(request.expiresAt),
      });
      return { ...added, key: formatApiKey(text) };
    });
  }

  async list(principal: Principal, partnerId: string, page: PageRequest): Promise<Page<ApiKey>> {
    assertMaySee(principal, partnerId);
    const rows = await this.database.read(async (tx) => {
      await this.assertPartnerExists(tx, partnerId);
      return this.keys.list(tx, partnerId, page);
    });
    return toPage(rows, page.limit, (key) => key);
  }

  async revoke(principal: Principal, partnerId: string, keyId: string): Promise<void> {
    assertMaySee(principal, partnerId);
    const isRevoked = await this.database.transaction((tx) => this.keys.revoke(tx, partnerId, keyId));
    if (!isRevoked) throw notFound();
  }

  private async assertPartnerExists(tx: Tx, partnerId: string): Promise<void> {
    if (!(await this.partners.findPartners(tx, [partnerId])).has(partnerId)) throw notFound();
  }

  private async assertUsable(tx: Tx, partnerId: string, request: ApiKeyRequest): Promise<void> {
    if (request.expiresAt !== null && request.expiresAt <= this.clock.now()) {
      throw unusable('api-key.expired', '/expiresAt', 'must be in the future');
    }
    if (request.channelId === null) return;
    if (request.role !== 'pos') {
      throw unusable('api-key.channel-not-allowed', '/channelId', 'belongs only to a key with the role pos');
    }
    const channel = await this.partners.channel(tx, partnerId, request.channelId);
    if (!channel) throw unusable('api-key.channel-unknown', '/channelId', 'is not a channel of this partner');
  }
}

function unusable(code: string, pointer: string, detail: string): TandemError {
  return unprocessable(code, `The key cannot be made: ${pointer.slice(1)} ${detail}.`, [{ pointer, detail }]);
}
