import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { TandemError } from '../../kernel/errors.js';
import { DecideBatchService } from './decide-batch.service.js';
import { type Submission, submissionKey, type SubmissionResult } from './submission.js';

/** Attempts in one transaction. Beyond some hundreds the commit is already shared by all and only the wait grows. */
const MAX_BATCH = 500;
/** Attempts that may wait. At some thousands a second this is a few seconds of work: more would time out at the tills. */
const MAX_WAITING = 10_000;

interface Waiting {
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
  private readonly waiting: Waiting[] = [];
  private running: Promise<void> | undefined;

  constructor(private readonly decide: DecideBatchService) {}

  /** Decides the submissions, in order, each exactly once. Rejects with 503 when the database is away or too much waits. */
  async submit(submissions: readonly Submission[]): Promise<SubmissionResult[]> {
    if (this.waiting.length + submissions.length > MAX_WAITING) throw tooBusy();
    const results = submissions.map(
      (submission) =>
        new Promise<SubmissionResult>((resolve, reject) =>
          this.waiting.push({ submission, resolve, reject }),
        ),
    );
    this.running ??= this.run();
    return Promise.all(results);
  }

  async onModuleDestroy(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    // Everything that arrived in this turn of the event loop goes into the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) await this.decideNext(takeBatch(this.waiting));
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

/**
 * Takes the next batch from the front. A repeat of a post that is already in the batch waits for the next one, where it finds
 * the stored answer.
 */
function takeBatch(waiting: Waiting[]): Waiting[] {
  const batch: Waiting[] = [];
  const later: Waiting[] = [];
  const keys = new Set<string>();
  let seen = 0;
  for (; seen < waiting.length && batch.length < MAX_BATCH; seen += 1) {
    const item = waiting[seen] as Waiting;
    const key = submissionKey(item.submission);
    (keys.has(key) ? later : batch).push(item);
    keys.add(key);
  }
  waiting.splice(0, seen, ...later);
  return batch;
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

function unforeseen(cause: unknown): TandemError {
  const detail = 'This redemption could not be decided for a reason on our side. It has been logged.';
  const error = new TandemError('unexpected', 'internal', detail, { status: 500, title: 'Internal error' });
  return Object.assign(error, { cause });
}
