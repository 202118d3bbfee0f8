import { Injectable } from '@nestjs/common';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import { type AnsweredLookup, GuessGuard } from './guess-guard.js';
import { NearMissHints } from './near-miss-hints.js';

/** An answer that is about to be given. */
export interface Answer extends AnsweredLookup {
  readonly offline: boolean;
  readonly replayed: boolean;
}

/** More unknown codes in one post are not one clerk's typing errors. */
const MOST_HINTS = 20;

/** What follows from answers once they are decided, apart from the decision: guesses are counted, clerks get a hint. */
@Injectable()
export class LookupFollowUp {
  constructor(
    private readonly guard: GuessGuard,
    private readonly hints: NearMissHints,
  ) {}

  /** The word that was probably meant, of those answers of one post that have one. Never rejects. */
  async after(principal: PartnerPrincipal, answers: readonly Answer[]): Promise<ReadonlyMap<Answer, string>> {
    const counted = this.guard.count(
      principal,
      answers.filter(({ replayed }) => !replayed),
    );
    const hints = await this.hintsFor(principal, answers);
    await counted;
    return hints;
  }

  /** Nobody stands at the till any more when an offline sale is reported. */
  private async hintsFor(
    principal: PartnerPrincipal,
    answers: readonly Answer[],
  ): Promise<Map<Answer, string>> {
    const hints = new Map<Answer, string>();
    const asked = answers.filter(({ reason, offline }) => reason === 'code.unknown' && !offline);
    if (asked.length > MOST_HINTS) return hints;
    for (const answer of asked) {
      const hint = answer.codeKey && (await this.hints.hintFor(principal.partnerId, answer.codeKey));
      if (hint) hints.set(answer, hint);
    }
    return hints;
  }
}
