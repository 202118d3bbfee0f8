import { Injectable } from '@nestjs/common';
import { type TandemError, unavailable } from '../../kernel/errors.js';
import { Clock } from '../../platform/clock/clock.js';
import { Database } from '../../platform/database/database.js';
import { retryTransaction } from '../../platform/database/retry-transaction.js';
import type { Tx } from '../../platform/database/tx.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { Outbox } from '../../platform/outbox/outbox.js';
import { OutboxRelay } from '../../platform/outbox/outbox-relay.js';
import { RECORDED_FACTS_TOPIC, type RecordedFacts } from '../../receipts/recorded-facts.events.js';
import { type BatchDecision, decideBatch } from '../domain/decide-batch.js';
import { DecisionContext } from './decision-context.js';
import type { ReadySubmission } from './ready-submission.js';
import { type InsertedRedemption, RedemptionRepository } from './redemption.repository.js';
import { currencyDiffers, wrongCurrency } from './campaign-currency.js';
import { ClaimWriter } from './claim-writer.js';
import { toInsertedRedemption } from './to-inserted-redemption.js';
import type { Submission, SubmissionResult } from './submission.js';

/** Each try ends with at least one other process having committed, so this many lost races in a row do not happen. */
const MAX_TRIES = 12;

/** Another process stored one of our external ids between our read and our insert: our counters are void, decide again. */
class LostRace extends Error {}

/**
 * Decides a batch in one transaction of a fixed number of statements:
 * read what is already stored, lock codes and counters in sorted order, judge (pure), write outcomes, counters and outbox.
 */
@Injectable()
export class DecideBatchService {
  constructor(
    private readonly database: Database,
    private readonly redemptions: RedemptionRepository,
    private readonly context: DecisionContext,
    private readonly claims: ClaimWriter,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /** One result per submission, in order. The submissions have distinct external ids. */
  async decide(submissions: readonly Submission[]): Promise<SubmissionResult[]> {
    const stopTimer = this.metrics.batchSeconds.startTimer();
    const { results, outboxId } = await retryTransaction(
      () => this.database.separateTransaction((tx) => this.decideIn(tx, submissions)),
      { tries: MAX_TRIES, isWorthIt: (error) => error instanceof LostRace },
    ).catch((error: unknown) => {
      throw error instanceof LostRace ? tooContended() : error;
    });
    stopTimer();
    if (outboxId !== null) this.relay.publish(RECORDED_FACTS_TOPIC, outboxId);
    this.count(results);
    return results;
  }

  private async decideIn(
    tx: Tx,
    submissions: readonly Submission[],
  ): Promise<{ results: SubmissionResult[]; outboxId: string | null }> {
    const { now, stored } = await this.redemptions.findStored(tx, submissions);
    const results = await this.context.replays(tx, submissions, stored);
    const fresh = submissions.flatMap((submission, index) => (results[index] ? [] : [{ submission, index }]));
    if (fresh.length === 0) return { results: results as SubmissionResult[], outboxId: null };

    const { ready, counters } = await this.context.load(
      tx,
      fresh.map((item) => item.submission),
      now,
    );
    const judged = ready.filter((item) => !currencyDiffers(item));
    const decision = decideBatch(judged, counters);
    const rows = judged.map((item, index) =>
      toInsertedRedemption(item, decision.verdicts[index]!, this.clock.newId(), now),
    );
    const outboxId = await this.write(tx, judged, decision, rows);

    const outcomes = new Map<Submission, SubmissionResult>();
    judged.forEach((item, index) => outcomes.set(item.submission, decided(rows[index]!)));
    fresh.forEach(
      ({ submission, index }) =>
        (results[index] = outcomes.get(submission) ?? { kind: 'fault', error: wrongCurrency() }),
    );
    return { results: results as SubmissionResult[], outboxId };
  }

  private async write(
    tx: Tx,
    judged: readonly ReadySubmission[],
    decision: BatchDecision,
    rows: readonly InsertedRedemption[],
  ): Promise<string | null> {
    if (rows.length === 0) return null;
    if ((await this.redemptions.insert(tx, rows)) < rows.length) throw new LostRace();
    await this.claims.write(tx, judged, decision.claims);
    const known = rows.filter((row) => row.campaignId !== null);
    if (known.length === 0) return null;
    return this.outbox.append(tx, RECORDED_FACTS_TOPIC, toRecordedFacts(known));
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

function toRecordedFacts(rows: readonly InsertedRedemption[]): RecordedFacts {
  const redemptions: Record<string, string[]> = {};
  for (const row of rows) (redemptions[row.redeemerPartnerId] ??= []).push(row.id);
  return { redemptions };
}

function decided(redemption: InsertedRedemption): SubmissionResult {
  return { kind: 'decided', redemption, replayed: false };
}
