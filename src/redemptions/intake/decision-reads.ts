import { Injectable } from '@nestjs/common';
import { CodeReadModel, type FoundCode } from '../../codes/code.read-model.js';
import { CounterCommands, type DetailUses } from '../../codes/counter.commands.js';
import type { Tx } from '../../platform/database/tx.js';
import { distinctPairs } from './code-states.js';
import {
  type CodeOnReceipt,
  type ReceiptKey,
  RedemptionRepository,
  type StoredRedemption,
} from './redemption.repository.js';
import type { Submission } from './submission.js';

/** What the database knows about a batch. `now` is its clock (epoch ms, start of the transaction). */
export interface DecisionFacts {
  readonly now: number;
  readonly found: readonly FoundCode[];
  readonly stored: readonly StoredRedemption[];
  readonly details: readonly DetailUses[];
  readonly used: readonly CodeOnReceipt[];
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Reads what a batch is decided by. All statements are sent together: none needs the answer of another, so that a pipelined
 * connection takes them in one round trip. They run in the order they stand here, and the locks come first, so that the
 * others see what whoever held the locks before has committed.
 */
@Injectable()
export class DecisionReads {
  constructor(
    private readonly codes: CodeReadModel,
    private readonly counters: CounterCommands,
    private readonly redemptions: RedemptionRepository,
  ) {}

  /** With the codes and the counters of their offers locked until the transaction ends. */
  async lock(tx: Tx, submissions: readonly Submission[]): Promise<DecisionFacts> {
    const facts = await this.send(tx, submissions, (pairs) => this.codes.lockForDecision(tx, pairs));
    const unused = facts.found.filter((code) => code.offerUses === null);
    if (unused.length === 0) return facts;
    // Once in the life of an offer: without a row there was nothing to lock, so what was read may be old.
    const distinct = new Map(unused.map((code) => [code.offerId, code]));
    await this.counters.make(tx, [...distinct.values()]);
    return this.lock(tx, submissions);
  }

  /** The same for a question that changes nothing. */
  async peek(tx: Tx, submissions: readonly Submission[]): Promise<DecisionFacts> {
    return this.send(tx, submissions, (pairs) => this.codes.lookup(tx, pairs));
  }

  private async send(
    tx: Tx,
    submissions: readonly Submission[],
    find: (pairs: ReturnType<typeof distinctPairs>) => Promise<FoundCode[]>,
  ): Promise<DecisionFacts> {
    const pairs = distinctPairs(submissions);
    const [found, { now, stored }, details, used] = await Promise.all([
      find(pairs),
      this.redemptions.findStored(tx, submissions),
      this.counters.details(tx, pairs, offlineDays(submissions), customers(submissions)),
      this.redemptions.findUsedOnReceipts(tx, receipts(submissions)),
    ]);
    return { now, found, stored, details, used };
  }
}

/** The dates (UTC) of offline sales and their neighbours: the local date of an instant is one of them in any zone. */
function offlineDays(submissions: readonly Submission[]): string[] {
  const days = new Set<string>();
  for (const { offline, occurredAt } of submissions) {
    if (!offline) continue;
    for (const shift of [-DAY_MS, 0, DAY_MS])
      days.add(new Date(occurredAt + shift).toISOString().slice(0, 10));
  }
  return [...days];
}

function customers(submissions: readonly Submission[]): string[] {
  return [...new Set(submissions.flatMap(({ customerId }) => customerId ?? []))];
}

function receipts(submissions: readonly Submission[]): ReceiptKey[] {
  const distinct = new Map<string, ReceiptKey>();
  for (const { redeemerPartnerId, channelId, receiptNumber } of submissions) {
    const receipt = { redeemerPartnerId, channelId, receiptNumber };
    distinct.set(`${channelId}/${receiptNumber}`, receipt);
  }
  return [...distinct.values()];
}
