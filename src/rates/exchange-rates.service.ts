import { Injectable } from '@nestjs/common';
import { invalidRequest } from '../kernel/errors.js';
import { Outbox } from '../platform/outbox/outbox.js';
import { OutboxRelay } from '../platform/outbox/outbox-relay.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import type { Page, PageRequest } from '../platform/http/page.js';
import type { ExchangeRate } from './domain/exchange-rate.js';
import { parseRatesCsv } from './domain/parse-rates-csv.js';
import { EXCHANGE_RATES_TOPIC } from './exchange-rates.events.js';
import { ExchangeRateRepository, type ImportedRate, type RateFilter } from './exchange-rate.repository.js';

/** What an import came to. */
export interface ImportedRates {
  /** Rates that say something new; the others had been imported before. */
  readonly imported: number;
  readonly unchanged: number;
  /** Rates that came after their day had been converted at another one; up to `MOST_TOO_LATE` of them. */
  readonly tooLate: readonly ExchangeRate[];
}

/** More than anybody reads: who has so many has a feed that comes a day late. */
const MOST_TOO_LATE = 20;

/** Takes in exchange rates. They are added and never changed; of several for a pair and day the last one counts. */
@Injectable()
export class ExchangeRatesService {
  constructor(
    private readonly database: Database,
    private readonly rates: ExchangeRateRepository,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
  ) {}

  /** Stores all of them, and has facts converted that waited for one. A pair and day comes once at most. */
  async import(rates: readonly ExchangeRate[], keyId: string): Promise<ImportedRates> {
    return this.database.transaction(async (tx) => {
      const imported = await this.rates.insert(tx, rates, keyId);
      const tooLate = await this.rates.findTooLate(tx, rates, MOST_TOO_LATE);
      if (imported > 0) await this.announce(tx);
      return { imported, unchanged: rates.length - imported, tooLate };
    });
  }

  /** Stores a file of rates or, when a line is faulty, nothing and throws `request.invalid`. */
  async importFile(csv: string, keyId: string): Promise<ImportedRates> {
    const file = parseRatesCsv(csv);
    if (file.kind === 'faulty') throw invalidRequest([...file.errors]);
    return this.import(file.rates, keyId);
  }

  private async announce(tx: Tx): Promise<void> {
    const outboxId = await this.outbox.append(tx, EXCHANGE_RATES_TOPIC, {});
    this.database.afterCommit(() => this.relay.publish(EXCHANGE_RATES_TOPIC, outboxId));
  }

  async list(filter: RateFilter, page: PageRequest): Promise<Page<ImportedRate>> {
    return this.database.read((tx) => this.rates.list(tx, filter, page));
  }
}
