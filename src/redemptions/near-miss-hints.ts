import { Injectable, Logger } from '@nestjs/common';
import { findNearMiss, type NamableWord } from '../codes/domain/near-miss.js';
import { LiveCodeWords } from '../codes/live-code-words.read-model.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';

/** A new word is named this much later, a revoked one this much longer: a hint decides nothing, so that is no harm. */
const KEPT_MS = 30_000;
/** A partner has a few dozen words; of thousands only the newest are compared. */
const WORDS_KEPT = 1_000;
/** Some 200 bytes a word: 40 MB if all of them had a thousand, well under one in practice. */
const REDEEMERS_KEPT = 200;

interface Kept {
  readonly askedAt: number;
  readonly words: Promise<readonly NamableWord[]>;
}

/**
 * The word that a clerk may have meant. The words of a redeemer are read at most twice a minute, however many wrong
 * codes it types, so that guessing is no load; and apart from the decision, which does not wait for it.
 */
@Injectable()
export class NearMissHints {
  private readonly logger = new Logger(NearMissHints.name);
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly database: Database,
    private readonly words: LiveCodeWords,
    private readonly clock: Clock,
  ) {}

  /** Undefined when no word, or more than one, is that near. Never fails: an answer without a hint is an answer. */
  async hintFor(redeemerPartnerId: string, codeKey: string): Promise<string | undefined> {
    return findNearMiss(codeKey, await this.wordsOf(redeemerPartnerId));
  }

  private wordsOf(redeemerPartnerId: string): Promise<readonly NamableWord[]> {
    const askedAt = this.clock.now();
    const kept = this.kept.get(redeemerPartnerId);
    // A clock set back makes the age negative: ask again rather than trust it for longer.
    if (kept && askedAt >= kept.askedAt && askedAt - kept.askedAt < KEPT_MS) return kept.words;
    const words = this.read(redeemerPartnerId);
    this.kept.delete(redeemerPartnerId);
    this.kept.set(redeemerPartnerId, { askedAt, words });
    const oldest = this.kept.keys().next();
    if (this.kept.size > REDEEMERS_KEPT && !oldest.done) this.kept.delete(oldest.value);
    return words;
  }

  /** A failure counts as no words for as long as words are kept: a database in trouble is not asked again for a hint. */
  private async read(redeemerPartnerId: string): Promise<readonly NamableWord[]> {
    try {
      return await this.database.separateTransaction((tx) =>
        this.words.ofRedeemer(tx, redeemerPartnerId, WORDS_KEPT),
      );
    } catch (error) {
      this.logger.warn(`no hints for clerks at the moment: ${String(error)}`);
      return [];
    }
  }
}
