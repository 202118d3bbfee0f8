import { Injectable } from '@nestjs/common';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import { retryTransaction } from '../platform/database/retry-transaction.js';
import type { Tx } from '../platform/database/tx.js';
import { Metrics } from '../platform/metrics/metrics.js';
import {
  contendingTouches,
  settleTouches,
  type TouchCandidate,
  type TouchFault,
  type TouchResult,
} from './domain/settle-touches.js';
import type { TouchInput } from './domain/touch.js';
import { TouchIntake } from './touch-intake.js';
import { TouchRepository } from './touch.repository.js';

/** Stores touches that partners post, each external id once and for ever. */
@Injectable()
export class RecordTouchesService {
  constructor(
    private readonly database: Database,
    private readonly intake: TouchIntake,
    private readonly touches: TouchRepository,
    private readonly metrics: Metrics,
  ) {}

  /** One result per item, in order; a faulty one does not keep the others from being stored. */
  async record(
    principal: PartnerPrincipal,
    items: readonly (TouchInput | TouchFault)[],
  ): Promise<TouchResult[]> {
    const identified = await this.intake.identify(principal.partnerId, items);
    const results = await retryTransaction(() =>
      this.database.transaction(async (tx) => {
        const candidates = await this.intake.check(tx, principal, identified);
        return this.write(tx, principal.partnerId, candidates);
      }),
    );
    this.count(results);
    return results;
  }

  private async write(
    tx: Tx,
    partnerId: string,
    candidates: readonly TouchCandidate[],
  ): Promise<TouchResult[]> {
    const rows = contendingTouches(candidates);
    const inserted = rows.length > 0 ? await this.touches.insert(tx, partnerId, rows) : [];
    const isNew = new Set(inserted);
    const taken = rows.filter((row) => !isNew.has(row));
    const earlier = taken.length > 0 ? await this.touches.findStored(tx, partnerId, taken) : [];
    const written = inserted.map(({ placement, ...touch }) => ({ ...touch, ...placement }));
    return settleTouches(candidates, [...written, ...earlier]);
  }

  private count(results: readonly TouchResult[]): void {
    for (const result of results) {
      const outcome = result.kind === 'fault' ? 'refused' : result.replayed ? 'replayed' : 'stored';
      this.metrics.touches.inc({ outcome });
    }
  }
}
