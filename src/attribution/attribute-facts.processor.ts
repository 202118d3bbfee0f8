import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Metrics } from '../platform/metrics/metrics.js';
import { HandlesJob, type JobContext, type JobHandler } from '../platform/queue/handles-job.decorator.js';
import { attributeFacts } from './attribute-facts.job.js';
import { AttributeFactsProducer } from './attribute-facts.producer.js';
import { AttributionService } from './attribution.service.js';

/** How long one job goes on taking turns; then it makes room for jobs that wait, and a worker that is to stop can. */
const TAKES_TURNS_MS = 1_000;

/** A round with fewer facts than this found nearly nothing: gathering for a moment makes the next one worth its transactions. */
const FEW_FACTS = 500;
const GATHER_MS = 50;

@Injectable()
@HandlesJob(attributeFacts)
export class AttributeFactsProcessor implements JobHandler<z.infer<typeof attributeFacts.schema>> {
  constructor(
    private readonly attribution: AttributionService,
    private readonly producer: AttributeFactsProducer,
    private readonly metrics: Metrics,
  ) {}

  async handle({ outboxIds }: z.infer<typeof attributeFacts.schema>, { signal }: JobContext): Promise<void> {
    if (outboxIds) this.metrics.attributed.inc(await this.attribution.attribute(outboxIds));
    await this.takeTurns(signal);
  }

  /**
   * Ends when nothing is left or the time is up. While there is much to do another job waits in the queue, so that every free
   * worker helps, and what a job leaves behind is found by the next one.
   */
  private async takeTurns(signal: AbortSignal): Promise<void> {
    const until = performance.now() + TAKES_TURNS_MS;
    const round = new Round();
    let hasRung = false;
    while (!signal.aborted && performance.now() < until) {
      const turn = await this.attribution.takeTurn();
      if (turn.kind === 'idle') return;
      if (turn.kind === 'busy') {
        await sleep(GATHER_MS);
        continue;
      }
      this.metrics.attributed.inc(turn.facts);
      if (turn.facts >= FEW_FACTS && !hasRung) {
        await this.producer.ring();
        hasRung = true;
      }
      if (round.ends(turn) === 'poor') await sleep(GATHER_MS);
    }
    await this.producer.ring();
  }
}

/** Turns go round the redeemers in the order of their ids. */
class Round {
  private last = '';
  private facts = 0;

  /** Tells when a turn begins another round, and whether the one before brought few facts. */
  ends({
    redeemerId,
    facts,
  }: {
    readonly redeemerId: string;
    readonly facts: number;
  }): 'poor' | 'rich' | 'no' {
    const isOver = redeemerId <= this.last;
    const found = this.facts;
    this.last = redeemerId;
    this.facts = isOver ? facts : found + facts;
    if (!isOver) return 'no';
    return found < FEW_FACTS ? 'poor' : 'rich';
  }
}
