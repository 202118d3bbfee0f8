import { Injectable } from '@nestjs/common';
import { conflict, notFound } from '../kernel/errors.js';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { retryTransaction } from '../platform/database/retry-transaction.js';
import type { Tx } from '../platform/database/tx.js';
import { takerOf } from './domain/uses.js';
import { GuessGuard } from './guess-guard.js';
import type { ValidationInput } from './intake/attempt-input.js';
import { DecisionReads } from './intake/decision-reads.js';
import type { Submission } from './intake/submission.js';
import { SubmissionFactory } from './intake/submission-factory.js';
import { LookupFollowUp } from './lookup-follow-up.js';
import { type JudgedQuestion, QuestionJudge } from './question-judge.js';
import { ReservationRepository } from './reservation.repository.js';
import type { Validation } from './validate.service.js';

export interface ReservationInput extends ValidationInput {
  readonly ttlSeconds: number;
}

/** The answer of a validation, and the place that is kept when it was yes. `expiresAt` is epoch ms. */
export interface ReservationAnswer extends Validation {
  readonly held: { readonly id: string; readonly expiresAt: number } | null;
  readonly campaignId: string | null;
  readonly offerId: string | null;
}

/**
 * Keeps one use of a code for a time: what a validation promises, held against all limits and the budget. It needs no release to run
 * out: from `expiresAt` on it is not counted, whichever process is alive.
 */
@Injectable()
export class ReserveService {
  constructor(
    private readonly guard: GuessGuard,
    private readonly database: Database,
    private readonly submissions: SubmissionFactory,
    private readonly reads: DecisionReads,
    private readonly judge: QuestionJudge,
    private readonly reservations: ReservationRepository,
    private readonly followUp: LookupFollowUp,
    private readonly clock: Clock,
  ) {}

  async reserve(principal: PartnerPrincipal, input: ReservationInput): Promise<ReservationAnswer> {
    this.guard.assertOpen(principal, input);
    const submission = await this.submissions.prepareValidation(principal, input);
    const answer = await retryTransaction(() =>
      this.database.transaction((tx) => this.hold(tx, submission, input)),
    );
    if (answer.verdict.kind === 'accepted') return answer;
    const lookup = { ...submission, reason: answer.verdict.reason, replayed: false };
    const hint = (await this.followUp.after(principal, [lookup])).get(lookup);
    return hint === undefined ? answer : { ...answer, hint };
  }

  /** Gives the place back; again is no error. Throws 404 for one that is not the partner's, 409 when it was redeemed. */
  async release(principal: PartnerPrincipal, id: string): Promise<void> {
    const found = await this.database.transaction((tx) =>
      this.reservations.release(tx, principal.partnerId, id),
    );
    if (!found) throw notFound();
    if (found.isRedeemed)
      throw conflict(
        'reservation.redeemed',
        'That reservation was redeemed: reverse the redemption instead.',
      );
  }

  private async hold(tx: Tx, submission: Submission, input: ReservationInput): Promise<ReservationAnswer> {
    const facts = await this.reads.lock(tx, [submission]);
    const hasReceipt = input.receipt !== undefined;
    const question = await this.judge.judge(tx, submission, facts, hasReceipt);
    const { verdict, item } = question;
    const { campaignId = null, offerId = null } = item.offer ?? {};
    const { currency } = submission;
    const answer = { verdict, currency, campaignId, offerId };
    if (verdict.kind === 'refused') return { ...answer, discount: null, held: null };
    const held = { id: this.clock.newId(), expiresAt: facts.now + input.ttlSeconds * 1000 };
    await this.insert(tx, submission, question, held);
    return { ...answer, discount: hasReceipt ? verdict.discount : null, held };
  }

  private async insert(
    tx: Tx,
    { redeemerPartnerId }: Submission,
    { item, verdict }: JudgedQuestion,
    held: { id: string; expiresAt: number },
  ): Promise<void> {
    if (item.code.kind !== 'known' || verdict.kind !== 'accepted') throw new Error('nothing to hold');
    const taker = takerOf(item.attempt, item.code);
    if (taker.day === null) throw new Error('an accepted attempt has terms, and so a day');
    await this.reservations.insert(tx, {
      ...{ ...taker, day: taker.day, redeemerPartnerId, ...held },
      cost: verdict.cost,
    });
  }
}
