import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Metrics } from '../platform/metrics/metrics.js';
import { HandlesJob, type JobHandler } from '../platform/queue/handles-job.decorator.js';
import { attributeFacts } from './attribute-facts.job.js';
import { AttributionService } from './attribution.service.js';

@Injectable()
@HandlesJob(attributeFacts)
export class AttributeFactsProcessor implements JobHandler<z.infer<typeof attributeFacts.schema>> {
  constructor(
    private readonly attribution: AttributionService,
    private readonly metrics: Metrics,
  ) {}

  async handle({ outboxIds }: z.infer<typeof attributeFacts.schema>): Promise<void> {
    this.metrics.attributed.inc(await this.attribution.attribute(outboxIds));
  }
}
