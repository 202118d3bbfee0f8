import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { FactRatesRepository } from './fact-rates.repository.js';

/** Tells the operator that reports lack figures for want of exchange rates. */
@Injectable()
export class FactsWithoutRateMetric implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly facts: FactRatesRepository,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.metrics.observe('tandem_facts_without_rate', 'Facts that wait for an exchange rate', () =>
      this.database.read((tx) => this.facts.countWithoutRate(tx)),
    );
  }
}
