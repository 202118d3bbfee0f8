import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { OutboxTries } from '../platform/outbox/outbox-tries.js';
import { HandlesJob, type JobHandler } from '../platform/queue/handles-job.decorator.js';
import { convertWaitingFacts } from './convert-waiting-facts.job.js';
import { ConvertWaitingFactsService } from './convert-waiting-facts.service.js';

@Injectable()
@HandlesJob(convertWaitingFacts)
export class ConvertWaitingFactsProcessor implements JobHandler<z.infer<typeof convertWaitingFacts.schema>> {
  constructor(
    private readonly waiting: ConvertWaitingFactsService,
    private readonly tries: OutboxTries,
  ) {}

  async handle({ outboxId }: z.infer<typeof convertWaitingFacts.schema>): Promise<void> {
    await this.tries.run(outboxId, () => this.waiting.convert(outboxId));
  }
}
