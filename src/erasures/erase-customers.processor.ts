import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { OutboxTries } from '../platform/outbox/outbox-tries.js';
import { HandlesJob, type JobContext, type JobHandler } from '../platform/queue/handles-job.decorator.js';
import { eraseCustomers } from './erase-customers.job.js';
import { EraseCustomersService } from './erase-customers.service.js';

@Injectable()
@HandlesJob(eraseCustomers)
export class EraseCustomersProcessor implements JobHandler<z.infer<typeof eraseCustomers.schema>> {
  constructor(
    private readonly erasures: EraseCustomersService,
    private readonly tries: OutboxTries,
  ) {}

  async handle({ outboxId }: z.infer<typeof eraseCustomers.schema>, { signal }: JobContext): Promise<void> {
    await this.tries.run(outboxId, () => this.erasures.erase(outboxId, signal));
  }
}
