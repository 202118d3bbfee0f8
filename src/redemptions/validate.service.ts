import { Injectable } from '@nestjs/common';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { PipelinedDatabase } from '../platform/database/pipelined-database.js';
import type { Verdict } from './domain/judge-redemption.js';
import { GuessGuard } from './guess-guard.js';
import type { ValidationInput } from './intake/attempt-input.js';
import { DecisionReads } from './intake/decision-reads.js';
import type { Submission } from './intake/submission.js';
import { SubmissionFactory } from './intake/submission-factory.js';
import { LookupFollowUp } from './lookup-follow-up.js';
import { QuestionJudge } from './question-judge.js';

export interface Validation {
  readonly verdict: Verdict;
  /** Minor units; null when refused, and when there is no receipt yet to take it off. */
  readonly discount: bigint | null;
  readonly currency: string;
  /** A code word that was perhaps meant by an unknown code. */
  readonly hint?: string;
}

/** Answers what a redemption would be answered, by the same reading and the same judge, and changes nothing. */
@Injectable()
export class ValidateService {
  constructor(
    private readonly guard: GuessGuard,
    private readonly database: PipelinedDatabase,
    private readonly submissions: SubmissionFactory,
    private readonly reads: DecisionReads,
    private readonly judge: QuestionJudge,
    private readonly followUp: LookupFollowUp,
  ) {}

  async validate(principal: PartnerPrincipal, input: ValidationInput): Promise<Validation> {
    this.guard.assertOpen(principal, input);
    const submission = await this.submissions.prepareValidation(principal, input);
    const validation = await this.ask(submission, input);
    // A code that is found forgives nothing here: asking costs nobody anything.
    if (validation.verdict.kind === 'accepted') return validation;
    const answer = { ...submission, reason: validation.verdict.reason, replayed: false };
    const hint = (await this.followUp.after(principal, [answer])).get(answer);
    return hint === undefined ? validation : { ...validation, hint };
  }

  private ask(submission: Submission, { receipt }: ValidationInput): Promise<Validation> {
    return this.database.read(async (tx) => {
      const facts = await this.reads.peek(tx, [submission]);
      const { verdict } = await this.judge.judge(tx, submission, facts, receipt !== undefined);
      const discount = verdict.kind === 'accepted' && receipt ? verdict.discount : null;
      return { verdict, discount, currency: submission.currency };
    });
  }
}
