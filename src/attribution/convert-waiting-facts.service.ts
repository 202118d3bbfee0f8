import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { retryTransaction } from '../platform/database/retry-transaction.js';
import type { Tx } from '../platform/database/tx.js';
import { Outbox } from '../platform/outbox/outbox.js';
import { OutboxRelay } from '../platform/outbox/outbox-relay.js';
import { DayRateCommands } from '../rates/day-rate.commands.js';
import { RECORDED_FACTS_TOPIC, sharesOf } from '../receipts/recorded-facts.events.js';
import { FactRatesRepository } from './fact-rates.repository.js';
import { lockRedeemers } from './redeemer-lock.repository.js';

/** Facts in one outbox row: what a turn of the workers takes at once. */
const CHUNK = 500;

/** Has facts attributed again that waited for an exchange rate, as if they had been recorded now. */
@Injectable()
export class ConvertWaitingFactsService {
  constructor(
    private readonly database: Database,
    private readonly facts: FactRatesRepository,
    private readonly rates: DayRateCommands,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
  ) {}

  /** Finishes the outbox row of an import. Running it twice has facts attributed twice, which changes nothing. */
  async convert(outboxId: string): Promise<void> {
    const redeemerIds = await this.database.read((tx) => this.facts.foreignRedeemers(tx));
    for (const redeemerId of redeemerIds) await this.convertFactsOf(redeemerId);
    await this.database.transaction((tx) => this.outbox.done(tx, [outboxId]));
  }

  private async convertFactsOf(redeemerId: string): Promise<void> {
    let after: string | null = null;
    do {
      const from: string | null = after;
      after = await retryTransaction(() =>
        this.database.transaction((tx) => this.shareChunk(tx, redeemerId, from)),
      );
      if (after !== null) this.relay.ring(RECORDED_FACTS_TOPIC);
    } while (after !== null);
  }

  /**
   * Answers the last id it shared; null when nothing waits any more. Under the lock of the redeemer, because a worker that looked
   * for the rate before the import may still be about to write that there was none.
   */
  private async shareChunk(tx: Tx, redeemerId: string, after: string | null): Promise<string | null> {
    await lockRedeemers(tx, [redeemerId]);
    if (after === null) await this.rates.fix(tx, await this.facts.findMissing(tx, redeemerId));
    const ids = await this.facts.findConvertible(tx, redeemerId, after, CHUNK);
    if (ids.length === 0) return null;
    await this.outbox.share(tx, RECORDED_FACTS_TOPIC, sharesOf({ redemptions: { [redeemerId]: ids } }));
    return ids.at(-1) ?? null;
  }
}
