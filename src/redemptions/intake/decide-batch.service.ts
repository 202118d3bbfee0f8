import { Injectable } from '@nestjs/common';
import { type TandemError, unavailable } from '../../kernel/errors.js';
import { Clock } from '../../platform/clock/clock.js';
import { PipelinedDatabase, type Sent } from '../../platform/database/pipelined-database.js';
import { retryTransaction } from '../../platform/database/retry-transaction.js';
import type { Tx } from '../../platform/database/tx.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { OutboxRelay } from '../../platform/outbox/outbox-relay.js';
import { RECORDED_FACTS_TOPIC } from '../../receipts/recorded-facts.events.js';
import { decideBatch } from '../domain/decide-batch.js';
import type { Verdict } from '../domain/judge-redemption.js';
import { currencyDiffers, noRate, wrongCurrency } from './campaign-currency.js';
import { DecisionContext } from './decision-context.js';
import { DecisionReads } from './decision-reads.js';
import { DecisionWriter } from './decision-writer.js';
import type { ReadySubmission } from './ready-submission.js';
import { type InsertedRedemption, isLostRace } from './redemption.repository.js';
import type { Submission, SubmissionResult } from './submission.js';
import { toInsertedRedemption } from './to-inserted-redemption.js';

/** Each try ends with at least one other process having committed, so this many lost races in a row do not happen. */
const MAX_TRIES = 12;

/** What a batch came to, and whether there is something for the worker in it. */
interface Decided {
  readonly results: SubmissionResult[];
  readonly hasNews: boolean;
}

/**
 * Decides a batch in one transaction of a fixed number of statements, sent in two flights: one that locks and reads, one that
 * writes outcomes, counters and outbox and commits. Between them the judge, which is pure.
 */
@Injectable()
export class DecideBatchService {
  constructor(
    private readonly database: PipelinedDatabase,
    private readonly reads: DecisionReads,
    private readonly context: DecisionContext,
    private readonly writer: DecisionWriter,
    private readonly relay: OutboxRelay,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /** One result per submission, in order. The submissions have distinct external ids. */
  async decide(submissions: readonly Submission[]): Promise<SubmissionResult[]> {
    const stopTimer = this.metrics.batchSeconds.startTimer();
    const { results, hasNews } = await retryTransaction(
      () => this.database.transaction((tx) => this.decideIn(tx, submissions)),
      { tries: MAX_TRIES, isWorthIt: isLostRace },
    ).catch((error: unknown) => {
      throw isLostRace(error) ? tooContended() : error;
    });
    stopTimer();
    if (hasNews) this.relay.ring(RECORDED_FACTS_TOPIC);
    this.count(results);
    return results;
  }

  private async decideIn(tx: Tx, submissions: readonly Submission[]): Promise<Sent<Decided>> {
    const facts = await this.reads.lock(tx, submissions);
    const results = await this.context.replays(tx, submissions, facts.stored);
    const fresh = submissions.flatMap((submission, index) => (results[index] ? [] : [{ submission, index }]));
    if (fresh.length === 0)
      return { result: { results: results as SubmissionResult[], hasNews: false }, writes: [] };
    const { ready, counters } = await this.context.prepare(
      tx,
      fresh.map((item) => item.submission),
      facts,
    );
    const judged = ready.filter((item) => !currencyDiffers(item));
    const decision = decideBatch(judged, counters);
    const outcomes = new Map<Submission, SubmissionResult>();
    const rows: InsertedRedemption[] = [];
    judged.forEach((item, index) => {
      const verdict = decision.verdicts[index]!;
      if (verdict.kind !== 'undecided') rows.push(this.toRow(item, verdict, facts.now));
      outcomes.set(item.submission, verdict.kind === 'undecided' ? fault(noRate()) : decided(rows.at(-1)!));
    });
    fresh.forEach(
      ({ submission, index }) => (results[index] = outcomes.get(submission) ?? fault(wrongCurrency())),
    );
    const { writes, hasNews } = this.writer.send(tx, judged, decision, rows);
    return { result: { results: results as SubmissionResult[], hasNews }, writes };
  }

  private toRow(item: ReadySubmission, verdict: Verdict, now: number): InsertedRedemption {
    return toInsertedRedemption(item, verdict, this.clock.newId(), now);
  }

  private count(results: readonly SubmissionResult[]): void {
    this.metrics.batchSize.observe(results.length);
    for (const result of results) {
      if (result.kind === 'fault') continue;
      if (result.replayed) this.metrics.replays.inc();
      else
        this.metrics.decisions.inc({
          outcome: result.redemption.status,
          reason: result.redemption.reason ?? '',
        });
    }
  }
}

function tooContended(): TandemError {
  return unavailable('Too many posts touch the same codes at once; post this one again.', 1);
}

function fault(error: TandemError): SubmissionResult {
  return { kind: 'fault', error };
}

function decided(redemption: InsertedRedemption): SubmissionResult {
  return { kind: 'decided', redemption, replayed: false };
}
