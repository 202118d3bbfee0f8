import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { OutboxPublisher } from '../platform/outbox/outbox-publisher.js';
import { OutboxRelay } from '../platform/outbox/outbox-relay.js';
import { JobProducer } from '../platform/queue/job.producer.js';
import { EXCHANGE_RATES_TOPIC } from '../rates/exchange-rates.events.js';
import { convertWaitingFacts } from './convert-waiting-facts.job.js';

/** Puts outbox rows about imported exchange rates on the queue. */
@Injectable()
export class ConvertWaitingFactsProducer implements OutboxPublisher, OnModuleInit {
  readonly topic = EXCHANGE_RATES_TOPIC;

  constructor(
    private readonly relay: OutboxRelay,
    private readonly jobs: JobProducer,
  ) {}

  onModuleInit(): void {
    this.relay.register(this);
  }

  /** One job per import, under the row's id: none is added while that of an earlier call is there. */
  async publish(outboxIds: readonly string[]): Promise<void> {
    const jobs = outboxIds.map((outboxId) => ({ id: outboxId, payload: { outboxId } }));
    await this.jobs.add(convertWaitingFacts, jobs);
  }
}
