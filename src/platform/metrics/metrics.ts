import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What operators watch, in the Prometheus format. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  readonly decisions = new Counter({
    name: 'tandem_decisions_total',
    help: 'Redemption attempts decided, by outcome and refusal reason',
    labelNames: ['outcome', 'reason'],
    registers: [this.registry],
  });

  readonly replays = new Counter({
    name: 'tandem_replays_total',
    help: 'Redemption attempts answered with what was stored for an earlier post',
    registers: [this.registry],
  });

  readonly batchSize = new Histogram({
    name: 'tandem_decision_batch_size',
    help: 'Attempts decided in one transaction',
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000],
    registers: [this.registry],
  });

  readonly batchSeconds = new Histogram({
    name: 'tandem_decision_batch_seconds',
    help: 'Duration of one decision transaction',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [this.registry],
  });

  readonly issuances = new Counter({
    name: 'tandem_issuances_total',
    help: 'Coupons that tills asked for, by outcome (issued, replayed, refused) and refusal reason',
    labelNames: ['outcome', 'reason'],
    registers: [this.registry],
  });

  readonly touches = new Counter({
    name: 'tandem_touches_total',
    help: 'Touches that partners posted, by outcome (stored, replayed, refused)',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  readonly clicks = new Counter({
    name: 'tandem_clicks_total',
    help: 'Requests of click links, by what became of the click; every one of them was sent on to the target',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  readonly attributed = new Counter({
    name: 'tandem_attributed_total',
    help: 'Recorded redemptions, reversals and receipts that the worker has attributed',
    registers: [this.registry],
  });

  readonly guessLocks = new Counter({
    name: 'tandem_guess_locks_total',
    help: 'Times that a key was locked out at a channel after too many failed look-ups',
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** A figure that is asked for when Prometheus comes. A failing question shows as NaN, never as 0: no news is not good news. */
  observe(name: string, help: string, read: () => Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        try {
          this.set(await read());
        } catch {
          this.set(NaN);
        }
      },
    });
  }
}
