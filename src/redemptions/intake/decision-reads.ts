import { Injectable } from '@nestjs/common';
import { CodeReadModel, type FoundCode } from '../../codes/code.read-model.js';
import { CounterCommands, type CounterRow } from '../../codes/counter.commands.js';
import type { Tx } from '../../platform/database/tx.js';
import { distinctPairs } from './code-states.js';
import {
  type CodeOnReceipt,
  type ReceiptKey,
  RedemptionRepository,
  type StoredRedemption,
} from './redemption.repository.js';
import { type HeldUses, ReservationRepository, type StoredReservation } from '../reservation.repository.js';
import type { Submission } from './submission.js';

/** What the database knows about a batch. `now` is its clock (epoch ms, start of the transaction). */
export interface DecisionFacts {
  readonly now: number;
  readonly found: readonly FoundCode[];
  readonly stored: readonly StoredRedemption[];
  readonly counters: readonly CounterRow[];
  readonly holds: readonly HeldUses[];
  readonly reservations: readonly StoredReservation[];
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
    private readonly reservations: ReservationRepository,
  ) {}

  /** With the codes and the counters of their offers locked until the transaction ends. */
  async lock(tx: Tx, submissions: readonly Submission[]): Promise<DecisionFacts> {
    const facts = await this.send(tx, submissions, (pairs) => this.codes.lockForDecision(tx, pairs));
    const unused = facts.found.filter((code) => !code.isCounted);
    if (unused.length === 0) return facts;
    // Once in the life of an offer: without a row there was nothing to lock, so what was read may be old.
    await this.counters.make(tx, [...new Set(unused.map(({ offerId }) => offerId))]);
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
    const customerIds = distinct(submissions, ({ customerId }) => customerId);
    const details = {
      days: offlineDays(submissions),
      channelIds: distinct(submissions, ({ channelId }) => channelId),
      customerIds,
    };
    const [found, reservations, { now, stored }, counters, holds, used] = await Promise.all([
      find(pairs),
      this.reservations.lock(tx, submissions),
      this.redemptions.findStored(tx, submissions),
      this.counters.read(tx, pairs, details),
      this.reservations.findHeld(tx, pairs, customerIds),
      this.redemptions.findUsedOnReceipts(tx, receipts(submissions)),
    ]);
    return { now, found, stored, counters, holds, reservations, used };
  }
}

/** The dates (UTC) of offline sales and their neighbours: the local date of an instant is one of them in any zone. */
function offlineDays(submissions: readonly Submission[]): string[] {
  const days = new Set<number>();
  for (const { offline, occurredAt } of submissions) {
    if (!offline) continue;
    const day = Math.floor(occurredAt / DAY_MS);
    days
      .add(day - 1)
      .add(day)
      .add(day + 1);
  }
  return [...days].map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10));
}

function distinct(submissions: readonly Submission[], of: (one: Submission) => string | null): string[] {
  return [...new Set(submissions.flatMap((one) => of(one) ?? []))];
}

function receipts(submissions: readonly Submission[]): ReceiptKey[] {
  const byName = new Map<string, ReceiptKey>();
  for (const { redeemerPartnerId, channelId, receiptNumber } of submissions) {
    const receipt = { redeemerPartnerId, channelId, receiptNumber };
    byName.set(`${channelId}/${receiptNumber}`, receipt);
  }
  return [...byName.values()];
}
