import { Injectable } from '@nestjs/common';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import { ChannelDayRepository } from './channel-day.repository.js';
import { checkReceiptTotals, type ReceiptTotal } from './domain/check-receipt-totals.js';
import { PostingContextRepository } from './posting-context.repository.js';
import { retryTransaction } from '../platform/database/retry-transaction.js';

/** Keeps the totals of days whose receipts are not posted one by one. */
@Injectable()
export class PutReceiptTotalsService {
  constructor(
    private readonly database: Database,
    private readonly contexts: PostingContextRepository,
    private readonly channelDays: ChannelDayRepository,
  ) {}

  /** Stores all of them or, when one is faulty, none and throws. No channel and day may come twice. */
  async put(principal: PartnerPrincipal, totals: readonly ReceiptTotal[]): Promise<void> {
    const channelIds = new Set(totals.map(({ channelId }) => channelId));
    await retryTransaction(() =>
      this.database.transaction(async (tx) => {
        const fault = checkReceiptTotals(totals, await this.contexts.find(tx, principal, [...channelIds]));
        if (fault) throw fault;
        await this.channelDays.replaceTotals(tx, principal.partnerId, totals);
      }),
    );
  }
}
