import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import type { OutboxPublisher } from '../platform/outbox/outbox-publisher.js';
import { OutboxRelay } from '../platform/outbox/outbox-relay.js';
import { JobProducer } from '../platform/queue/job.producer.js';
import { RECORDED_FACTS_TOPIC } from '../receipts/recorded-facts.events.js';
import { attributeFacts } from './attribute-facts.job.js';

/** Brings recorded facts to the workers. */
@Injectable()
export class AttributeFactsProducer implements OutboxPublisher, OnModuleInit {
  readonly topic = RECORDED_FACTS_TOPIC;

  constructor(
    private readonly relay: OutboxRelay,
    private readonly jobs: JobProducer,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.relay.register(this);
  }

  /** One job per row, under the row's id: none is added while that of an earlier call is there. */
  async publish(outboxIds: readonly string[]): Promise<void> {
    await this.jobs.add(
      attributeFacts,
      outboxIds.map((id) => ({ id, payload: { outboxIds: [id] } })),
    );
  }

  /** Every job of the queue looks for facts of all redeemers, so one that waits is enough. */
  async ring(): Promise<void> {
    await this.jobs.addUnlessOneWaits(attributeFacts, { id: this.clock.newId(), payload: {} });
  }
}
