import { Injectable } from '@nestjs/common';
import { HoldOutCommands, type SeenCustomer } from '../hold-out/hold-out.commands.js';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import { OutboxRelay } from '../platform/outbox/outbox-relay.js';
import type { PostedReceipt } from './domain/receipt.js';
import type { ReceiptResult } from './domain/settle-receipts.js';
import { type IdentifiedReceipt, ReceiptIntake } from './receipt-intake.js';
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
    private readonly holdOut: HoldOutCommands,
  ) {}

  /** One result per receipt, in order; a faulty one does not keep the others from being stored. */
  async record(principal: PartnerPrincipal, posted: readonly PostedReceipt[]): Promise<ReceiptResult[]> {
    const { partnerId } = principal;
    const identified = await this.intake.identify(partnerId, posted);
    const link = await this.holdOut.linker(partnerId, identified.flatMap(toSeen));
    const { results, hasNews } = await retryTransaction(() =>
      this.database.transaction(async (tx) => {
        const candidates = await this.intake.check(tx, principal, identified);
        const written = await this.writer.write(tx, partnerId, candidates);
        if (written.hasNews) await link?.(tx);
        return written;
      }),
    );
    if (hasNews) this.relay.ring(RECORDED_FACTS_TOPIC);
    return results;
  }
}

/** The customer of a receipt, for the campaigns that have to know it again; none when it names nobody usable. */
function toSeen({ posted: { occurredAt }, customer }: IdentifiedReceipt): SeenCustomer[] {
  return customer?.kind === 'customer' ? [{ occurredAt, customer: customer.customer }] : [];
}
