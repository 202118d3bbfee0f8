import { randomBytes } from 'node:crypto';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { retryTransaction } from '../platform/database/retry-transaction.js';
import type { Tx } from '../platform/database/tx.js';
import { Outbox } from '../platform/outbox/outbox.js';
import {
  type BatchProgress,
  type CouponBatch,
  CouponBatchRepository,
  type CouponDraft,
  isKeyTaken,
} from './coupon-batch.repository.js';
import {
  type CouponPattern,
  drawCoupon,
  parseCouponPattern,
  randomBytesPerCoupon,
} from './domain/coupon-pattern.js';
import { couponBatchRef } from './generate-coupons.job.js';

/**
 * Coupons per transaction: an eighth of a second of work, which is what a crash costs and what a revocation waits for. The
 * time per coupon was the same with 2,500 and with 20,000, the memory was not: a larger chunk outlives the cheap part of the
 * garbage collection.
 */
export const COUPONS_PER_CHUNK = 2_500;

/** Coupons drawn in one go, some 2 ms: the same process may be answering tills. */
const SLICE = 500;

/** A draw meets a taken coupon once in a million times; ten times in a row it has nothing left to draw from. */
const FRUITLESS_DRAWS = 10;

/** What a chunk came to, and coupons drawn for the next one while PostgreSQL was storing it. */
interface Chunk {
  readonly progress: BatchProgress;
  readonly drawnAhead: readonly CouponDraft[];
}

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
    let drawn: readonly CouponDraft[] = [];
    while (!signal.aborted) {
      const chunk = await retryTransaction(
        () => this.database.transaction((tx) => this.makeChunk(tx, outboxId, drawn)),
        { isWorthIt: isKeyTaken },
      );
      if (!chunk || isFinished(chunk.progress)) return;
      drawn = chunk.drawnAhead;
    }
  }

  /** Undefined when there is nothing to do here: the row is done, or another worker is at it. */
  private async makeChunk(
    tx: Tx,
    outboxId: string,
    drawn: readonly CouponDraft[],
  ): Promise<Chunk | undefined> {
    const [row] = await this.outbox.take(tx, [outboxId]);
    if (!row) return undefined;
    const batch = await this.batches.lock(tx, couponBatchRef.parse(row.payload).batchId);
    const chunk = batch && !isFinished(batch) ? await this.advance(tx, batch, drawn) : undefined;
    if (!chunk || isFinished(chunk.progress)) await this.outbox.done(tx, [outboxId]);
    return chunk;
  }

  private async advance(tx: Tx, batch: CouponBatch, drawn: readonly CouponDraft[]): Promise<Chunk> {
    const pattern = patternOf(batch);
    const left = batch.quantity - batch.generated;
    const wanted = Math.min(COUPONS_PER_CHUNK, left);
    const drafts = await this.topUp(pattern, drawn.slice(0, wanted), wanted);
    const [made, drawnAhead] = await Promise.all([
      this.addCoupons(tx, batch, pattern, drafts),
      this.topUp(pattern, [], Math.min(COUPONS_PER_CHUNK, left - wanted)),
    ]);
    const progress = progressOf(batch, batch.generated + made, made < wanted);
    await this.batches.saveProgress(tx, batch.id, progress);
    return { progress, drawnAhead };
  }

  /** Stores as many coupons as there are drafts, others for those that are taken; fewer when no free one can be found. */
  private async addCoupons(
    tx: Tx,
    batch: CouponBatch,
    pattern: CouponPattern,
    drafts: readonly CouponDraft[],
  ): Promise<number> {
    let made = await this.batches.insertCoupons(tx, batch, drafts);
    for (let fruitless = 0; made < drafts.length && fruitless < FRUITLESS_DRAWS;) {
      const others = await this.topUp(pattern, [], drafts.length - made);
      const stored = await this.batches.insertCoupons(tx, batch, others);
      made += stored;
      fruitless = stored > 0 ? 0 : fruitless + 1;
    }
    return made;
  }

  /** The drafts and so many new ones that there are `count`. */
  private async topUp(
    pattern: CouponPattern,
    drafts: readonly CouponDraft[],
    count: number,
  ): Promise<CouponDraft[]> {
    const all = [...drafts];
    while (all.length < count) {
      all.push(...this.drawSlice(pattern, Math.min(SLICE, count - all.length)));
      await letOthersRun();
    }
    return all;
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
