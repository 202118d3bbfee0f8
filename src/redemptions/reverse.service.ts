import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { conflict, invalidRequest, unprocessable } from '../kernel/errors.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { retryTransaction } from '../platform/database/retry-transaction.js';
import type { Tx } from '../platform/database/tx.js';
import { Outbox } from '../platform/outbox/outbox.js';
import { OutboxRelay } from '../platform/outbox/outbox-relay.js';
import { RECORDED_FACTS_TOPIC, type RecordedFacts } from '../receipts/recorded-facts.events.js';
import { ReversalCommands } from './reversal.commands.js';
import { type NewReversal, ReversalRepository } from './reversal.repository.js';

/** `occurredAt` is epoch ms. */
export interface ReversalInput {
  readonly externalId: string;
  readonly redemptionExternalId: string;
  readonly reason: string;
  readonly occurredAt: number;
}

export interface ReversalAnswer {
  readonly id: string;
  readonly externalId: string;
  readonly redemptionExternalId: string;
  readonly status: 'applied' | 'pending';
  /** Null while pending. */
  readonly useReturned: boolean | null;
  readonly replayed: boolean;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Records a reversal and applies it at once when its redemption is there. */
@Injectable()
export class ReverseService {
  constructor(
    private readonly database: Database,
    private readonly reversals: ReversalRepository,
    private readonly commands: ReversalCommands,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
    private readonly clock: Clock,
  ) {}

  async reverse(redeemerPartnerId: string, input: ReversalInput): Promise<ReversalAnswer> {
    if (input.occurredAt > this.clock.now() + DAY_MS) {
      throw invalidRequest([{ pointer: '/occurredAt', detail: 'must not be more than a day in the future' }]);
    }
    const { answer, outboxId } = await retryTransaction(() =>
      this.database.transaction((tx) => this.record(tx, redeemerPartnerId, input)),
    );
    if (outboxId !== null) this.relay.publish(RECORDED_FACTS_TOPIC, outboxId);
    return answer;
  }

  private async record(
    tx: Tx,
    redeemerPartnerId: string,
    input: ReversalInput,
  ): Promise<{ answer: ReversalAnswer; outboxId: string | null }> {
    const reversal = this.toReversal(redeemerPartnerId, input);
    const { id, externalId, redemptionExternalId } = reversal;
    if (!(await this.reversals.insert(tx, reversal)))
      return { answer: await this.replay(tx, reversal), outboxId: null };
    await this.assertReversible(tx, redeemerPartnerId, redemptionExternalId);
    const [applied] = await this.commands.applyWaiting(tx, {
      redemptions: { partnerIds: [], ids: [] },
      reversals: { partnerIds: [redeemerPartnerId], ids: [id] },
    });
    // Another reversal of the same redemption may have won while this one waited for its lock.
    if (applied?.reversalId !== id) await this.assertReversible(tx, redeemerPartnerId, redemptionExternalId);
    const facts: RecordedFacts = {
      reversals: { [redeemerPartnerId]: [id] },
      ...(applied && { redemptions: { [redeemerPartnerId]: [applied.redemptionId] } }),
    };
    const outboxId = await this.outbox.append(tx, RECORDED_FACTS_TOPIC, facts);
    const status = applied ? 'applied' : 'pending';
    return {
      answer: {
        id,
        externalId,
        redemptionExternalId,
        status,
        useReturned: applied?.useReturned ?? null,
        replayed: false,
      },
      outboxId,
    };
  }

  /** What has arrived and cannot be reversed is said at once; the insert is rolled back with the error. */
  private async assertReversible(
    tx: Tx,
    redeemerPartnerId: string,
    redemptionExternalId: string,
  ): Promise<void> {
    const state = await this.reversals.redemptionState(tx, redeemerPartnerId, redemptionExternalId);
    if (state === 'refused')
      throw conflict('redemption.not-accepted', 'That redemption was refused: there is nothing to reverse.');
    if (state === 'reversed')
      throw conflict('redemption.already-reversed', 'That redemption has been reversed already.');
  }

  private async replay(tx: Tx, reversal: NewReversal): Promise<ReversalAnswer> {
    const { redeemerPartnerId, externalId, redemptionExternalId, fingerprint } = reversal;
    const stored = await this.reversals.findStored(tx, redeemerPartnerId, externalId);
    if (!stored?.fingerprint.equals(fingerprint)) {
      throw unprocessable(
        'external-id.reused',
        `The externalId ${externalId} was posted before with other content.`,
        [{ pointer: '/externalId', detail: 'is taken by another reversal' }],
      );
    }
    const { id, useReturned } = stored;
    return {
      id,
      externalId,
      redemptionExternalId,
      status: useReturned === null ? 'pending' : 'applied',
      useReturned,
      replayed: true,
    };
  }

  private toReversal(redeemerPartnerId: string, input: ReversalInput): NewReversal {
    const { externalId, redemptionExternalId, reason, occurredAt } = input;
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([redemptionExternalId, reason, occurredAt]))
      .digest()
      .subarray(0, 16);
    return {
      redeemerPartnerId,
      id: this.clock.newId(),
      externalId,
      fingerprint,
      redemptionExternalId,
      reason,
      occurredAt: new Date(occurredAt),
    };
  }
}
