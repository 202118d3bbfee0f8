import { Injectable, type OnModuleInit } from '@nestjs/common';
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
  ) {}

  onModuleInit(): void {
    this.relay.register(this);
  }

  /** One job per batch, under the row's id: none is added while that of an earlier call is there. */
  async publish(outboxIds: readonly string[]): Promise<void> {
    const jobs = outboxIds.map((outboxId) => ({ id: outboxId, payload: { outboxId } }));
    await this.jobs.add(generateCoupons, jobs);
  }
}
