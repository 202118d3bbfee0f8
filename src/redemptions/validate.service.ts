import { Injectable } from '@nestjs/common';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import { decideBatch } from './domain/decide-batch.js';
import type { Verdict } from './domain/judge-redemption.js';
import type { ValidationInput } from './intake/attempt-input.js';
import { DecisionContext } from './intake/decision-context.js';
import { RedemptionRepository } from './intake/redemption.repository.js';
import { SubmissionFactory } from './intake/submission-factory.js';

/** Answers what a redemption would be answered, by the same reading and the same judge, and changes nothing. */
@Injectable()
export class ValidateService {
  constructor(
    private readonly database: Database,
    private readonly submissions: SubmissionFactory,
    private readonly redemptions: RedemptionRepository,
    private readonly context: DecisionContext,
  ) {}

  async validate(
    principal: PartnerPrincipal,
    input: ValidationInput,
  ): Promise<{ verdict: Verdict; currency: string }> {
    const submission = await this.submissions.prepareValidation(principal, input);
    return this.database.read(async (tx) => {
      const { now } = await this.redemptions.findStored(tx, []);
      const { ready, counters } = await this.context.peek(tx, [submission], now);
      const [verdict] = decideBatch(ready, counters).verdicts;
      if (!verdict) throw new Error('one attempt has one verdict');
      return { verdict, currency: submission.currency };
    });
  }
}
