import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { OutboxPublisher } from '../platform/outbox/outbox-publisher.js';
import { OutboxRelay } from '../platform/outbox/outbox-relay.js';
import { JobProducer } from '../platform/queue/job.producer.js';
import { eraseCustomers, ERASURES_TOPIC } from './erase-customers.job.js';

/** Puts outbox rows about requested erasures on the queue. */
@Injectable()
export class EraseCustomersProducer implements OutboxPublisher, OnModuleInit {
  readonly topic = ERASURES_TOPIC;

  constructor(
    private readonly relay: OutboxRelay,
    private readonly jobs: JobProducer,
  ) {}

  onModuleInit(): void {
    this.relay.register(this);
  }

  /** One job per erasure, under the row's id: none is added while that of an earlier call is there. */
  async publish(outboxIds: readonly string[]): Promise<void> {
    const jobs = outboxIds.map((outboxId) => ({ id: outboxId, payload: { outboxId } }));
    await this.jobs.add(eraseCustomers, jobs);
  }
}
