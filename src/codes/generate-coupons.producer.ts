import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import type { OutboxPublisher } from '../platform/outbox/outbox-publisher.js';
import { OutboxRelay } from '../platform/outbox/outbox-relay.js';
import { JobProducer } from '../platform/queue/job.producer.js';
import { COUPONS_TOPIC, generateCoupons } from './generate-coupons.job.js';

/** Puts outbox rows about ordered coupon batches on the queue. */
@Injectable()
export class GenerateCouponsProducer implements OutboxPublisher, OnModuleInit {
  readonly topic = COUPONS_TOPIC;

  constructor(
    private readonly relay: OutboxRelay,
    private readonly jobs: JobProducer,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.relay.register(this);
  }

  /** One job per batch. Every call makes new ones, for a parked job of the same name would block them. */
  async publish(outboxIds: readonly string[]): Promise<void> {
    const jobs = outboxIds.map((outboxId) => ({ id: this.clock.newId(), payload: { outboxId } }));
    await this.jobs.add(generateCoupons, jobs);
  }
}
