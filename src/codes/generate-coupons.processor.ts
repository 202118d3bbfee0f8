import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { OutboxTries } from '../platform/outbox/outbox-tries.js';
import { HandlesJob, type JobContext, type JobHandler } from '../platform/queue/handles-job.decorator.js';
import { generateCoupons } from './generate-coupons.job.js';
import { GenerateCouponsService } from './generate-coupons.service.js';

@Injectable()
@HandlesJob(generateCoupons)
export class GenerateCouponsProcessor implements JobHandler<z.infer<typeof generateCoupons.schema>> {
  constructor(
    private readonly generation: GenerateCouponsService,
    private readonly tries: OutboxTries,
  ) {}

  async handle({ outboxId }: z.infer<typeof generateCoupons.schema>, { signal }: JobContext): Promise<void> {
    await this.tries.run(outboxId, () => this.generation.generate(outboxId, signal));
  }
}
