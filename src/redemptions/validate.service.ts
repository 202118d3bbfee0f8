import { Injectable } from '@nestjs/common';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { PipelinedDatabase } from '../platform/database/pipelined-database.js';
import { judgingInstant } from './domain/attempt.js';
import { termsInForce } from './domain/code-state.js';
import { decideBatch } from './domain/decide-batch.js';
import type { Verdict } from './domain/judge-redemption.js';
import { GuessGuard } from './guess-guard.js';
import type { ValidationInput } from './intake/attempt-input.js';
import { currencyDiffers, wrongCurrency } from './intake/campaign-currency.js';
import { DecisionContext } from './intake/decision-context.js';
import type { ReadySubmission } from './intake/ready-submission.js';
import { DecisionReads } from './intake/decision-reads.js';
import type { Submission } from './intake/submission.js';
import { SubmissionFactory } from './intake/submission-factory.js';
import { LookupFollowUp } from './lookup-follow-up.js';

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
    private readonly context: DecisionContext,
    private readonly followUp: LookupFollowUp,
  ) {}

  async validate(principal: PartnerPrincipal, input: ValidationInput): Promise<Validation> {
    this.guard.assertOpen(principal, input);
    const submission = await this.submissions.prepareValidation(principal, input);
    const validation = await this.judge(submission, input);
    // A code that is found forgives nothing here: asking costs nobody anything.
    if (validation.verdict.kind === 'accepted') return validation;
    const answer = { ...submission, reason: validation.verdict.reason, replayed: false };
    const hint = (await this.followUp.after(principal, [answer])).get(answer);
    return hint === undefined ? validation : { ...validation, hint };
  }

  private judge(submission: Submission, input: ValidationInput): Promise<Validation> {
    return this.database.read(async (tx) => {
      const facts = await this.reads.peek(tx, [submission]);
      const { ready, counters } = await this.context.prepare(tx, [submission], facts);
      const [item] = ready;
      if (!item) throw new Error('one submission is one item');
      if (input.receipt && currencyDiffers(item)) throw wrongCurrency();
      const asked = input.receipt
        ? item
        : { ...item, attempt: { ...item.attempt, subtotal: enoughFor(item) } };
      const [verdict] = decideBatch([asked], counters).verdicts;
      if (!verdict) throw new Error('one attempt has one verdict');
      const discount = verdict.kind === 'accepted' && input.receipt ? verdict.discount : null;
      return { verdict, discount, currency: submission.currency };
    });
  }
}

/** Before there is a receipt, the clerk asks about the code: the minimum spend is taken as reached. */
function enoughFor({ attempt, offer }: ReadySubmission): bigint {
  return (offer && termsInForce(offer, judgingInstant(attempt))?.minimumSpend) ?? 0n;
}
