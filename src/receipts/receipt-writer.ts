import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { Outbox } from '../platform/outbox/outbox.js';
import { ChannelDayRepository } from './channel-day.repository.js';
import type { Receipt } from './domain/receipt.js';
import { type Candidate, contenders, type ReceiptResult, settleReceipts } from './domain/settle-receipts.js';
import { sumChannelDays } from './domain/sum-channel-days.js';
import { ReceiptRepository } from './receipt.repository.js';
import { RECORDED_FACTS_TOPIC, sharesOf } from './recorded-facts.events.js';

export interface WrittenReceipts {
  /** One per candidate, in order. */
  readonly results: ReceiptResult[];
  /** Whether something new was stored. */
  readonly hasNews: boolean;
}

/** Writes what is new of a batch and finds what is not, in four statements however many receipts there are. */
@Injectable()
export class ReceiptWriter {
  constructor(
    private readonly receipts: ReceiptRepository,
    private readonly channelDays: ChannelDayRepository,
    private readonly outbox: Outbox,
  ) {}

  async write(tx: Tx, partnerId: string, candidates: readonly Candidate[]): Promise<WrittenReceipts> {
    const rows = contenders(candidates);
    const inserted = rows.length > 0 ? await this.receipts.insert(tx, partnerId, rows) : [];
    const isNew = new Set(inserted);
    const taken = rows.filter((row) => !isNew.has(row)).map(({ externalId }) => externalId);
    const earlier = taken.length > 0 ? await this.receipts.findStored(tx, partnerId, taken) : [];
    if (inserted.length > 0) await this.count(tx, partnerId, inserted);
    return { results: settleReceipts(candidates, [...inserted, ...earlier]), hasNews: inserted.length > 0 };
  }

  /** Adds new receipts to their days and leaves word for those who attribute. */
  private async count(tx: Tx, partnerId: string, inserted: readonly Receipt[]): Promise<void> {
    await this.channelDays.add(tx, partnerId, sumChannelDays(inserted));
    const facts = { receipts: { [partnerId]: inserted.map(({ id }) => id) } };
    await this.outbox.share(tx, RECORDED_FACTS_TOPIC, sharesOf(facts));
  }
}
