import { Injectable } from '@nestjs/common';
import { TandemError } from '../kernel/errors.js';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { ClockWatch } from './clock-watch.service.js';
import { GuessGuard } from './guess-guard.js';
import { inSlices } from './in-slices.js';
import type { AttemptInput } from './intake/attempt-input.js';
import { DecisionBatcher } from './intake/decision-batcher.js';
import type { Submission, SubmissionResult } from './intake/submission.js';
import { SubmissionFactory } from './intake/submission-factory.js';
import { type Answer, LookupFollowUp } from './lookup-follow-up.js';

/** What one attempt came to; `hint` is a code word that was perhaps meant by an unknown code. */
export type RedeemResult = SubmissionResult & { readonly hint?: string };

/** Takes redemptions: single posts, batches and offline uploads go the same way. */
@Injectable()
export class RedeemService {
  constructor(
    private readonly guard: GuessGuard,
    private readonly submissions: SubmissionFactory,
    private readonly batcher: DecisionBatcher,
    private readonly clocks: ClockWatch,
    private readonly followUp: LookupFollowUp,
  ) {}

  async redeem(
    principal: PartnerPrincipal,
    input: AttemptInput,
  ): Promise<RedeemResult & { kind: 'decided' }> {
    this.guard.assertOpen(principal, input);
    const submission = await this.submissions.prepare(principal, input);
    const [result] = await this.batcher.submit([submission], 'live');
    if (result?.kind !== 'decided') throw result?.error ?? new Error('the batcher lost a submission');
    this.clocks.notice(submission, result);
    if (result.redemption.status === 'accepted') {
      if (!result.replayed) this.guard.countAccepted(principal, submission.channelId);
      return result;
    }
    const answer = toAnswer(submission, result);
    return withHint(result, (await this.followUp.after(principal, [answer])).get(answer));
  }

  /** Throws when so many would have to wait too long: ask before a batch is read. */
  assertRoomForUpload(principal: PartnerPrincipal, count: number): void {
    this.batcher.assertRoom('upload', principal.partnerId, count);
  }

  /** One result per input, in order; the fault of one does not touch the others. */
  async redeemAll(principal: PartnerPrincipal, inputs: readonly AttemptInput[]): Promise<RedeemResult[]> {
    this.guard.assertAnyOpen(principal, inputs);
    const prepared = await inSlices(inputs, (input) => this.prepareOrFault(principal, input));
    const submissions = prepared.filter((item): item is Submission => !isFault(item));
    const results = await this.batcher.submit(submissions, 'upload');
    submissions.forEach((submission, index) =>
      this.clocks.notice(submission, results[index] as SubmissionResult),
    );
    const hinted = await this.withHints(principal, submissions, results);
    let next = 0;
    return prepared.map((item) => (isFault(item) ? item : (hinted[next++] as RedeemResult)));
  }

  private async withHints(
    principal: PartnerPrincipal,
    submissions: readonly Submission[],
    results: readonly SubmissionResult[],
  ): Promise<RedeemResult[]> {
    const answers = results.map((result, index) =>
      result.kind === 'decided' ? toAnswer(submissions[index]!, result) : undefined,
    );
    const hints = await this.followUp.after(
      principal,
      answers.filter((answer) => answer !== undefined),
    );
    return results.map((result, index) => withHint(result, hints.get(answers[index]!)));
  }

  private async prepareOrFault(
    principal: PartnerPrincipal,
    input: AttemptInput,
  ): Promise<Submission | Fault> {
    try {
      this.guard.assertOpen(principal, input);
      return await this.submissions.prepare(principal, input);
    } catch (error) {
      if (error instanceof TandemError && error.kind === 'user') return { kind: 'fault', error };
      throw error;
    }
  }
}

type Fault = SubmissionResult & { kind: 'fault' };

function isFault(item: Submission | Fault): item is Fault {
  return 'kind' in item;
}

function toAnswer(
  { channelId, codeKey, offline }: Submission,
  { redemption, replayed }: SubmissionResult & { kind: 'decided' },
): Answer {
  return { channelId, codeKey, offline, reason: redemption.reason, replayed };
}

function withHint<R extends SubmissionResult>(result: R, hint: string | undefined): R & { hint?: string } {
  return hint === undefined ? result : { ...result, hint };
}
