import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { type AskedRate, askedKey, type DayRate } from './domain/day-rate.js';
import { DayRateRepository } from './day-rate.repository.js';

/** By `askedKey`; what has no rate is not there. */
export type DayRates = ReadonlyMap<string, DayRate>;

const NONE: DayRates = new Map();
/** Some 300 bytes each: a few currencies for as many days as tills report about, 3 MB when full; then it fills again. */
const KEPT = 10_000;

/**
 * The rates at which the amounts of days are converted. A rate that is fixed never changes, so it is kept for good once it has
 * committed: a batch asks the database about a pair and day twice at most, and with the campaign's own currency never.
 */
@Injectable()
export class DayRateCommands {
  private readonly kept = new Map<string, DayRate>();

  constructor(private readonly rates: DayRateRepository = new DayRateRepository()) {}

  /** The rates of these days, fixed from now on where there is one; in one statement at most. Any order, repeats welcome. */
  async fix(tx: Tx, asked: readonly AskedRate[]): Promise<DayRates> {
    return this.find(asked, (missing) => this.rates.fix(tx, missing));
  }

  /** What `fix` would answer now, for a question that changes nothing. */
  async peek(tx: Tx, asked: readonly AskedRate[]): Promise<DayRates> {
    return this.find(asked, (missing) => this.rates.peek(tx, missing));
  }

  private async find(
    asked: readonly AskedRate[],
    look: (missing: readonly AskedRate[]) => ReturnType<DayRateRepository['fix']>,
  ): Promise<DayRates> {
    if (asked.length === 0) return NONE;
    const distinct = new Map(asked.map((one) => [askedKey(one), one]));
    const found = new Map<string, DayRate>();
    for (const key of distinct.keys()) {
      const kept = this.kept.get(key);
      if (kept) found.set(key, kept);
    }
    const missing = [...distinct].flatMap(([key, one]) => (found.has(key) ? [] : [one]));
    if (missing.length === 0) return found;
    for (const { isSettled, ...rate } of await look(missing)) {
      found.set(askedKey(rate), rate);
      if (isSettled) this.keep(rate);
    }
    return found;
  }

  private keep(rate: DayRate): void {
    if (this.kept.size >= KEPT) this.kept.clear();
    this.kept.set(askedKey(rate), rate);
  }
}
