import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { judgingInstant } from './domain/attempt.js';
import { termsInForce } from './domain/code-state.js';
import { termsAtTill } from './domain/conversion.js';
import { decideBatch } from './domain/decide-batch.js';
import type { Verdict } from './domain/judge-redemption.js';
import { currencyDiffers, noRate, wrongCurrency } from './intake/campaign-currency.js';
import { DecisionContext } from './intake/decision-context.js';
import type { DecisionFacts } from './intake/decision-reads.js';
import type { ReadySubmission } from './intake/ready-submission.js';
import type { Submission } from './intake/submission.js';

/** What would be answered now, and what it was judged by. */
export interface JudgedQuestion {
  readonly item: ReadySubmission;
  readonly verdict: Verdict;
}

/** Judges an attempt that is not made yet: by the same facts and the same rules as one that is. */
@Injectable()
export class QuestionJudge {
  constructor(private readonly context: DecisionContext) {}

  /** `hasReceipt`: the till knows the amount already; before that the minimum spend is taken as reached. */
  async judge(
    tx: Tx,
    submission: Submission,
    facts: DecisionFacts,
    hasReceipt: boolean,
  ): Promise<JudgedQuestion> {
    const { ready, counters } = await this.context.prepare(tx, [submission], facts, 'peek');
    const [item] = ready;
    if (!item) throw new Error('one submission is one item');
    if (hasReceipt && currencyDiffers(item)) throw wrongCurrency();
    const asked = hasReceipt ? item : { ...item, attempt: { ...item.attempt, subtotal: enoughFor(item) } };
    const [verdict] = decideBatch([asked], counters).verdicts;
    if (!verdict) throw new Error('one attempt has one verdict');
    if (verdict.kind === 'undecided') throw noRate();
    return { item, verdict };
  }
}

function enoughFor({ attempt, offer }: ReadySubmission): bigint {
  const terms = offer && termsInForce(offer, judgingInstant(attempt));
  return (terms && termsAtTill(terms, attempt.conversion).minimumSpend) ?? 0n;
}
