import { randomBytes } from 'node:crypto';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { Outbox } from '../platform/outbox/outbox.js';
import {
  type BatchProgress,
  type CouponBatch,
  CouponBatchRepository,
  type CouponDraft,
} from './coupon-batch.repository.js';
import {
  type CouponPattern,
  drawCoupon,
  parseCouponPattern,
  randomBytesPerCoupon,
} from './domain/coupon-pattern.js';
import { couponBatchRef } from './generate-coupons.job.js';

/** Coupons per transaction: some 200 ms of work, which is what a crash costs and what a revocation waits for. */
const CHUNK = 5_000;

/** Coupons drawn in one go, some 5 ms: the same process may be answering tills. */
const SLICE = 100;

/** A draw meets a taken coupon once in a million times; ten times in a row it has nothing left to draw from. */
const FRUITLESS_DRAWS = 10;

@Injectable()
export class GenerateCouponsService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly batches: CouponBatchRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes the coupons of the batch that an outbox row names, chunk by chunk. Each chunk commits with the count of the
   * batch, so it goes on where the last one ended, whoever made it. Stops early when `signal` says so or another worker
   * has taken over; the row then stays, and the sweeper brings it back.
   */
  async generate(outboxId: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const progress = await this.database.transaction((tx) => this.makeChunk(tx, outboxId));
      if (!progress || isFinished(progress)) return;
    }
  }

  /** Undefined when there is nothing to do here: the row is done, or another worker is at it. */
  private async makeChunk(tx: Tx, outboxId: string): Promise<BatchProgress | undefined> {
    const [row] = await this.outbox.take(tx, [outboxId]);
    if (!row) return undefined;
    const batch = await this.batches.lock(tx, couponBatchRef.parse(row.payload).batchId);
    const progress = batch && !isFinished(batch) ? await this.advance(tx, batch) : undefined;
    if (!progress || isFinished(progress)) await this.outbox.done(tx, [outboxId]);
    return progress;
  }

  private async advance(tx: Tx, batch: CouponBatch): Promise<BatchProgress> {
    const wanted = Math.min(CHUNK, batch.quantity - batch.generated);
    const made = await this.addCoupons(tx, batch, wanted);
    const progress = progressOf(batch, batch.generated + made, made < wanted);
    await this.batches.saveProgress(tx, batch.id, progress);
    return progress;
  }

  /** Draws until so many coupons are stored, and answers how many are: fewer when no free one can be found. */
  private async addCoupons(tx: Tx, batch: CouponBatch, wanted: number): Promise<number> {
    const pattern = patternOf(batch);
    let made = 0;
    for (let fruitless = 0; made < wanted && fruitless < FRUITLESS_DRAWS;) {
      const drafts = await this.draw(pattern, wanted - made);
      const stored = await this.batches.insertCoupons(tx, batch, drafts);
      made += stored;
      fruitless = stored > 0 ? 0 : fruitless + 1;
    }
    return made;
  }

  private async draw(pattern: CouponPattern, count: number): Promise<CouponDraft[]> {
    const drafts: CouponDraft[] = [];
    while (drafts.length < count) {
      drafts.push(...this.drawSlice(pattern, Math.min(SLICE, count - drafts.length)));
      await letOthersRun();
    }
    return drafts;
  }

  private drawSlice(pattern: CouponPattern, count: number): CouponDraft[] {
    const width = randomBytesPerCoupon(pattern);
    const random = randomBytes(width * count);
    return Array.from({ length: count }, (_, index) => ({
      id: this.clock.newId(),
      ...drawCoupon(pattern, random.subarray(index * width, (index + 1) * width)),
    }));
  }
}

function progressOf(batch: CouponBatch, generated: number, isExhausted: boolean): BatchProgress {
  if (isExhausted) {
    const failure = `The pattern has no free coupons left: ${generated} of ${batch.quantity} were made.`;
    return { generated, status: 'failed', failure };
  }
  return { generated, status: generated === batch.quantity ? 'done' : 'generating', failure: null };
}

function isFinished({ status }: Pick<BatchProgress, 'status'>): boolean {
  return status === 'done' || status === 'failed';
}

function patternOf(batch: CouponBatch): CouponPattern {
  const pattern = parseCouponPattern(batch.pattern);
  if ('problem' in pattern) throw new Error(`batch ${batch.id} has an unusable pattern: ${pattern.problem}`);
  return pattern;
}
