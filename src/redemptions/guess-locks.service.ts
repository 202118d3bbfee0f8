import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import { PartnerDirectory } from '../partners/partner-directory.read-model.js';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import type { Page, PageRequest } from '../platform/http/page.js';
import { type GuessLock, GuessLockRepository } from './guess-lock.repository.js';

/** The locks of a partner's keys, for its admin and the operator. */
@Injectable()
export class GuessLocksService {
  constructor(
    private readonly database: Database,
    private readonly directory: PartnerDirectory,
    private readonly locks: GuessLockRepository,
  ) {}

  /** Those that hold now. Throws 404 when there is no such partner that the principal may see. */
  async list(principal: Principal, partnerId: string, page: PageRequest): Promise<Page<GuessLock>> {
    await this.assertVisible(principal, partnerId);
    return this.database.read((tx) => this.locks.list(tx, partnerId, page));
  }

  /** The key may look codes up again at once, in every process, as if it had never failed. */
  async lift(principal: Principal, partnerId: string, id: string): Promise<void> {
    await this.assertVisible(principal, partnerId);
    const isLifted = await this.database.transaction((tx) => this.locks.lift(tx, partnerId, id));
    if (!isLifted) throw notFound();
  }

  private async assertVisible(principal: Principal, partnerId: string): Promise<void> {
    const isOwn = principal.partnerId === null || principal.partnerId === partnerId;
    if (!isOwn || !(await this.directory.partner(partnerId))) throw notFound();
  }
}
