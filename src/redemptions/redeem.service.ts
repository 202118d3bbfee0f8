import { Injectable } from '@nestjs/common';
import { TandemError } from '../kernel/errors.js';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import type { AttemptInput } from './intake/attempt-input.js';
import { DecisionBatcher } from './intake/decision-batcher.js';
import type { Submission, SubmissionResult } from './intake/submission.js';
import { SubmissionFactory } from './intake/submission-factory.js';

/** Takes redemptions: single posts, batches and offline uploads go the same way. */
@Injectable()
export class RedeemService {
  constructor(
    private readonly submissions: SubmissionFactory,
    private readonly batcher: DecisionBatcher,
  ) {}

  async redeem(
    principal: PartnerPrincipal,
    input: AttemptInput,
  ): Promise<SubmissionResult & { kind: 'decided' }> {
    const submission = await this.submissions.prepare(principal, input);
    const [result] = await this.batcher.submit([submission], 'live');
    if (result?.kind !== 'decided') throw result?.error ?? new Error('the batcher lost a submission');
    return result;
  }

  /** Throws when so many would have to wait too long: ask before a batch is read. */
  assertRoomForUpload(principal: PartnerPrincipal, count: number): void {
    this.batcher.assertRoom('upload', principal.partnerId, count);
  }

  /** One result per input, in order; the fault of one does not touch the others. */
  async redeemAll(principal: PartnerPrincipal, inputs: readonly AttemptInput[]): Promise<SubmissionResult[]> {
    const prepared = await Promise.all(inputs.map((input) => this.prepareOrFault(principal, input)));
    const submissions = prepared.filter((item): item is Submission => !isFault(item));
    const results = await this.batcher.submit(submissions, 'upload');
    let next = 0;
    return prepared.map((item) => (isFault(item) ? item : (results[next++] as SubmissionResult)));
  }

  private async prepareOrFault(
    principal: PartnerPrincipal,
    input: AttemptInput,
  ): Promise<Submission | Fault> {
    try {
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
