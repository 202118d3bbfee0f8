import { Injectable } from '@nestjs/common';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import { OutboxRelay } from '../platform/outbox/outbox-relay.js';
import type { PostedReceipt } from './domain/receipt.js';
import type { ReceiptResult } from './domain/settle-receipts.js';
import { ReceiptIntake } from './receipt-intake.js';
import { ReceiptWriter } from './receipt-writer.js';
import { RECORDED_FACTS_TOPIC } from './recorded-facts.events.js';
import { retryTransaction } from '../platform/database/retry-transaction.js';

/** Stores receipts of a till, each external id once and for ever. */
@Injectable()
export class RecordReceiptsService {
  constructor(
    private readonly database: Database,
    private readonly intake: ReceiptIntake,
    private readonly writer: ReceiptWriter,
    private readonly relay: OutboxRelay,
  ) {}

  /** One result per receipt, in order; a faulty one does not keep the others from being stored. */
  async record(principal: PartnerPrincipal, posted: readonly PostedReceipt[]): Promise<ReceiptResult[]> {
    const identified = await this.intake.identify(principal.partnerId, posted);
    const { results, hasNews } = await retryTransaction(() =>
      this.database.transaction(async (tx) => {
        const candidates = await this.intake.check(tx, principal, identified);
        return this.writer.write(tx, principal.partnerId, candidates);
      }),
    );
    if (hasNews) this.relay.ring(RECORDED_FACTS_TOPIC);
    return results;
  }
}
