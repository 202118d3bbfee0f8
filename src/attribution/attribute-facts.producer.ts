import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import type { OutboxPublisher } from '../platform/outbox/outbox-publisher.js';
import { OutboxRelay } from '../platform/outbox/outbox-relay.js';
import { JobProducer } from '../platform/queue/job.producer.js';
import { RECORDED_FACTS_TOPIC } from '../receipts/recorded-facts.events.js';
import { attributeFacts } from './attribute-facts.job.js';

// A row names up to some hundred redemptions (a decided batch) or a thousand receipts. Few rows per job keep the
// transaction that attributes them short, since the redeemer is locked meanwhile.
const ROWS_PER_JOB = 20;

/** Puts outbox rows about recorded facts on the queue. */
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

  /** Every call makes new jobs, for a parked job of the same name would block them; a job for finished rows does nothing. */
  async publish(outboxIds: readonly string[]): Promise<void> {
    const jobs = [];
    for (let start = 0; start < outboxIds.length; start += ROWS_PER_JOB) {
      jobs.push({
        id: this.clock.newId(),
        payload: { outboxIds: outboxIds.slice(start, start + ROWS_PER_JOB) },
      });
    }
    await this.jobs.add(attributeFacts, jobs);
  }
}
