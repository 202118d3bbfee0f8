import { Injectable } from '@nestjs/common';
import { unprocessable } from '../../kernel/errors.js';
import { CampaignReadModel, type OfferForJudge } from '../../campaigns/campaign.read-model.js';
import { DayRateCommands } from '../../rates/day-rate.commands.js';
import type { Tx } from '../../platform/database/tx.js';
import type { Counters } from '../domain/decide-batch.js';
import { askedRate, conversionAt, type ReceiptConversion } from './campaign-currency.js';
import { CodeStates, type ResolvedCode } from './code-states.js';
import { toCounters } from './counter-states.js';
import type { DecisionFacts } from './decision-reads.js';
import type { ReadySubmission } from './ready-submission.js';
import type { StoredRedemption } from './redemption.repository.js';
import { type Submission, submissionKey, type SubmissionResult } from './submission.js';

/** Makes what the judge sees out of what the database knows. */
@Injectable()
export class DecisionContext {
  constructor(
    private readonly codeStates: CodeStates,
    private readonly campaigns: CampaignReadModel,
    private readonly rates: DayRateCommands,
  ) {}

  /**
   * The submissions with their codes and offers, in order, and the counters they are judged by. Receipts in the campaigns' own
   * currencies cost nothing more; for all others together the rates of their days are asked once, and fixed unless it is a question.
   */
  async prepare(
    tx: Tx,
    submissions: readonly Submission[],
    facts: DecisionFacts,
    look: 'fix' | 'peek' = 'fix',
  ): Promise<{ ready: ReadySubmission[]; counters: Counters }> {
    const resolved = await this.codeStates.resolve(tx, submissions, facts.found, facts.now);
    const asked = submissions.map((submission, index) => askedRate(submission, resolved[index]!));
    const rates = await this.rates[look](
      tx,
      asked.filter((one) => one !== null),
    );
    const ready = submissions.map((submission, index) =>
      toReady(submission, resolved[index]!, conversionAt(asked[index] ?? null, rates), facts.now),
    );
    return { ready, counters: toCounters(resolved, facts) };
  }

  /** The answer of each submission that is stored already; undefined for a new one. */
  async replays(
    tx: Tx,
    submissions: readonly Submission[],
    stored: readonly StoredRedemption[],
  ): Promise<(SubmissionResult | undefined)[]> {
    if (stored.length === 0) return submissions.map(() => undefined);
    const offerIds = new Set(stored.flatMap((row) => row.offerId ?? []));
    const offers = await this.campaigns.offerStates(tx, [...offerIds]);
    const byKey = new Map(stored.map((row) => [submissionKey(row), row]));
    return submissions.map((submission) => {
      const row = byKey.get(submissionKey(submission));
      if (!row) return undefined;
      return isSameBody(row.fingerprint, submission.fingerprint)
        ? replayOf(row, offers)
        : usedForAnother(submission);
    });
  }
}

function toReady(
  submission: Submission,
  { code, offer, placementId }: ResolvedCode,
  { conversion, rate }: ReceiptConversion,
  now: number,
): ReadySubmission {
  const { externalId, channelId, channelAllowed, occurredAt, offline } = submission;
  const { subtotal, discountTaken, customerId, reservationId } = submission;
  const receiptKey = `${channelId}/${submission.receiptNumber}`;
  const attempt = {
    ...{ externalId, channelId, channelAllowed, occurredAt, receivedAt: now, offline },
    ...{ receiptKey, subtotal, discountTaken, conversion, customerId, reservationId },
  };
  return { submission, attempt, code, offer, placementId, rate };
}

function replayOf(row: StoredRedemption, offers: ReadonlyMap<string, OfferForJudge>): SubmissionResult {
  const { termsVersion, fingerprint: _, redeemerPartnerId: __, ...rest } = row;
  const terms =
    row.offerId === null
      ? undefined
      : offers.get(row.offerId)?.versions.find((one) => one.version === termsVersion);
  const redemption = { ...rest, reward: terms?.reward ?? null, discount: BigInt(row.discount) };
  return { kind: 'decided', redemption, replayed: true };
}

/** That of a redemption whose customer was erased is empty: nobody can tell any more, so the till is believed. */
function isSameBody(stored: Buffer, posted: Buffer): boolean {
  return stored.length === 0 || stored.equals(posted);
}

function usedForAnother(submission: Submission): SubmissionResult {
  const detail = `The externalId ${submission.externalId} was posted before with other content.`;
  return {
    kind: 'fault',
    error: unprocessable('external-id.reused', detail, [
      { pointer: '/externalId', detail: 'is taken by another redemption' },
    ]),
  };
}
