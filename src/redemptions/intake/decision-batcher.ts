import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { TandemError } from '../../kernel/errors.js';
import { DecideBatchService } from './decide-batch.service.js';
import { type Submission, submissionKey, type SubmissionResult } from './submission.js';
import { type Lane, type Placed, type RoomSize, WaitingRoom } from './waiting-room.js';

const SIZE: RoomSize = {
  /** Attempts in one transaction. Beyond some hundreds the commit is already shared by all and only the wait grows. */
  batch: 500,
  /** A live attempt that just missed a batch waits for that one and its own: uploads must not make these long. */
  uploadShare: 100,
  /** At some thousands a second this is a few seconds of work: more would time out at the tills. */
  live: 10_000,
  uploads: 20_000,
  /** Four calls of a thousand. Fewer would leave the batches half full, more would only wait here instead of at the partner. */
  uploadsPerPartner: 4_000,
};

interface Waiting extends Placed {
  readonly submission: Submission;
  readonly resolve: (result: SubmissionResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers the attempts that arrive while the last transaction runs and decides them together. Idle: one request, one
 * transaction, no added wait. Busy: the cost of the commit and of a hot counter row is shared by the batch.
 */
@Injectable()
export class DecisionBatcher implements OnModuleDestroy {
  private readonly logger = new Logger(DecisionBatcher.name);
  private readonly waiting = new WaitingRoom<Waiting>(SIZE);
  private running: Promise<void> | undefined;

  constructor(private readonly decide: DecideBatchService) {}

  /**
   * Decides the submissions, which are of one partner, each exactly once; answers in their order. Rejects with 503 when the database
   * is away or too much waits, with 429 when it is this partner's uploads that wait.
   */
  async submit(submissions: readonly Submission[], lane: Lane): Promise<SubmissionResult[]> {
    const partnerId = submissions[0]?.redeemerPartnerId ?? '';
    this.assertRoom(lane, partnerId, submissions.length);
    const results = submissions.map(
      (submission) =>
        new Promise<SubmissionResult>((resolve, reject) =>
          this.waiting.add({
            key: submissionKey(submission),
            partnerId,
            lane,
            ...{ submission, resolve, reject },
          }),
        ),
    );
    this.running ??= this.run();
    return Promise.all(results);
  }

  /** Throws when so many would not be taken now: to be asked before work is spent on them. */
  assertRoom(lane: Lane, partnerId: string, count: number): void {
    const room = this.waiting.room(lane, partnerId, count);
    if (room === 'partner-full') throw tooManyUploads();
    if (room === 'full') throw tooBusy();
  }

  async onModuleDestroy(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    // Everything that arrived in this turn of the event loop goes into the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (!this.waiting.isEmpty) await this.decideNext(this.waiting.take());
    this.running = undefined;
  }

  /**
   * A fault of one attempt that nobody foresaw must not refuse the others: the batch is halved until the guilty one is alone.
   */
  private async decideNext(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.decide.decide(batch.map((item) => item.submission));
      batch.forEach((item, index) => item.resolve(results[index] as SubmissionResult));
    } catch (error) {
      if (error instanceof TandemError && error.kind === 'operational') {
        batch.forEach((item) => item.reject(error));
        return;
      }
      if (batch.length === 1) {
        // The others of its post are stored: this one must not take their answers with it.
        this.logger.error(`a redemption cannot be decided: ${String(error)}`, (error as Error).stack);
        batch[0]?.resolve({ kind: 'fault', error: unforeseen(error) });
        return;
      }
      this.logger.error(`a batch of ${batch.length} failed, deciding its halves: ${String(error)}`);
      const middle = batch.length >> 1;
      await this.decideNext(batch.slice(0, middle));
      await this.decideNext(batch.slice(middle));
    }
  }
}

function tooBusy(): TandemError {
  return new TandemError(
    'operational',
    'service.busy',
    'Too many redemptions are waiting; post this one again in a second.',
    {
      status: 503,
      title: 'Service busy',
      retryAfterSeconds: 1,
    },
  );
}

function tooManyUploads(): TandemError {
  return new TandemError(
    'user',
    'uploads.too-many',
    'Many of your uploaded redemptions wait to be decided; post this batch again in a second.',
    { status: 429, title: 'Too many requests', retryAfterSeconds: 1 },
  );
}

function unforeseen(cause: unknown): TandemError {
  const detail = 'This redemption could not be decided for a reason on our side. It has been logged.';
  const error = new TandemError('unexpected', 'internal', detail, { status: 500, title: 'Internal error' });
  return Object.assign(error, { cause });
}
