import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { hashSecret, newApiKey } from './api-key-secret.js';
import { type ApiKeyText, formatApiKey, parseApiKey } from './domain/api-key-text.js';
import { OperatorKeyRepository } from './operator-key.repository.js';

/** The key with which everything begins: without one nobody could add the first partner. */
@Injectable()
export class OperatorKeyService {
  constructor(
    private readonly database: Database,
    private readonly keys: OperatorKeyRepository,
  ) {}

  /**
   * Sees to it that an operator can get in. A configured key is taken as given and replaces the one set by an earlier
   * start; without one the first start makes a key. Answers the key only when it was made now: it cannot be read again.
   */
  async ensure(configured: string | undefined): Promise<string | undefined> {
    const given = configured === undefined ? undefined : parseGiven(configured);
    return this.database.transaction(async (tx) => {
      await this.keys.lock(tx);
      if (!given && (await this.keys.hasUsableKey(tx))) return undefined;
      const key = given ?? newApiKey();
      await this.replace(tx, key);
      return given ? undefined : formatApiKey(key);
    });
  }

  private async replace(tx: Tx, key: ApiKeyText): Promise<void> {
    const isPut = await this.keys.put(tx, key.keyId, hashSecret(key.secret));
    if (!isPut) throw new Error('OPERATOR_KEY has the id of a partner key; choose another id');
    await this.keys.revokeOthers(tx, key.keyId);
  }
}

function parseGiven(configured: string): ApiKeyText {
  const key = parseApiKey(configured);
  if (!key) throw new Error('OPERATOR_KEY must look like tdm_<keyId>_<secret>');
  return key;
}
