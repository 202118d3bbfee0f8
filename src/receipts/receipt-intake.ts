import { Injectable } from '@nestjs/common';
import { invalidRequest } from '../kernel/errors.js';
import { type CustomerLookup, PartnerDirectory } from '../partners/partner-directory.read-model.js';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { Clock } from '../platform/clock/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { checkReceipt } from './domain/check-receipt.js';
import type { PostingContext } from './domain/posting-context.js';
import type { PostedReceipt, Receipt } from './domain/receipt.js';
import type { Candidate } from './domain/settle-receipts.js';
import { PostingContextRepository } from './posting-context.repository.js';
import { receiptFingerprint } from './receipt-fingerprint.js';

/** A posted receipt and who its customer is; null when it names none. */
export interface IdentifiedReceipt {
  readonly posted: PostedReceipt;
  readonly customer: CustomerLookup | null;
}

/** Turns posted receipts into ones that could be stored. */
@Injectable()
export class ReceiptIntake {
  constructor(
    private readonly directory: PartnerDirectory,
    private readonly contexts: PostingContextRepository,
    private readonly clock: Clock,
  ) {}

  /** Finds out who the customers are; call before opening a transaction. */
  async identify(partnerId: string, posted: readonly PostedReceipt[]): Promise<IdentifiedReceipt[]> {
    return Promise.all(
      posted.map(async (receipt) => {
        const customer = receipt.customer ? await this.directory.customer(partnerId, receipt.customer) : null;
        return { posted: receipt, customer };
      }),
    );
  }

  /** Checks each receipt; one candidate for each, in order. */
  async check(
    tx: Tx,
    principal: PartnerPrincipal,
    receipts: readonly IdentifiedReceipt[],
  ): Promise<Candidate[]> {
    const channelIds = new Set(receipts.map(({ posted }) => posted.channelId));
    const context = await this.contexts.find(tx, principal, [...channelIds]);
    return receipts.map((receipt) => this.toCandidate(receipt, context));
  }

  private toCandidate({ posted, customer }: IdentifiedReceipt, context: PostingContext): Candidate {
    const { externalId } = posted;
    const check = checkReceipt(posted, context);
    if (check.kind === 'fault') return { kind: 'fault', externalId, error: check.error };
    if (customer?.kind === 'faulty') {
      const fault = { pointer: `/customer/${customer.field}`, detail: customer.detail };
      return { kind: 'fault', externalId, error: invalidRequest([fault]) };
    }
    return { kind: 'ready', receipt: this.toReceipt(posted, check.day, customer?.customer.id ?? null) };
  }

  private toReceipt(posted: PostedReceipt, day: string, customerId: string | null): Receipt {
    const said = {
      channelId: posted.channelId,
      number: posted.number,
      occurredAt: posted.occurredAt,
      total: posted.total.minor,
      costOfGoods: posted.costOfGoods?.minor ?? null,
      customerId,
    };
    const fingerprint = receiptFingerprint(said);
    return { id: this.clock.newId(), externalId: posted.externalId, fingerprint, day, ...said };
  }
}
