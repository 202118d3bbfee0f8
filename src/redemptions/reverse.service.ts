import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { conflict, invalidRequest, unprocessable } from '../kernel/errors.js';
import { formatMoney, type Money } from '../kernel/money.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { retryTransaction } from '../platform/database/retry-transaction.js';
import type { Tx } from '../platform/database/tx.js';
import { Outbox } from '../platform/outbox/outbox.js';
import { OutboxRelay } from '../platform/outbox/outbox-relay.js';
import { RECORDED_FACTS_TOPIC, type RecordedFacts, sharesOf } from '../receipts/recorded-facts.events.js';
import { ReversalCommands } from './reversal.commands.js';
import { type NewReversal, ReversalRepository } from './reversal.repository.js';
import { type StoredReversal, StoredReversalRepository } from './stored-reversal.repository.js';

/** `amount` is the part of the net total that is given back; without it all that is left. `occurredAt` is epoch ms. */
export interface ReversalInput {
  readonly externalId: string;
  readonly redemptionExternalId: string;
  readonly amount?: Money | undefined;
  readonly reason: string;
  readonly occurredAt: number;
}

export interface ReversalAnswer extends Pick<StoredReversal, 'id' | 'application' | 'obstacle'> {
  readonly externalId: string;
  readonly redemptionExternalId: string;
  readonly amount: Money | null;
  readonly replayed: boolean;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Records a reversal and applies it at once when its redemption is there. */
@Injectable()
export class ReverseService {
  constructor(
    private readonly database: Database,
    private readonly reversals: ReversalRepository,
    private readonly stored: StoredReversalRepository,
    private readonly commands: ReversalCommands,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
    private readonly clock: Clock,
  ) {}

  async reverse(redeemerPartnerId: string, input: ReversalInput): Promise<ReversalAnswer> {
    if (input.occurredAt > this.clock.now() + DAY_MS) {
      throw invalidRequest([{ pointer: '/occurredAt', detail: 'must not be more than a day in the future' }]);
    }
    const { answer, isNew } = await retryTransaction(() =>
      this.database.transaction((tx) => this.record(tx, redeemerPartnerId, input)),
    );
    if (isNew) this.relay.ring(RECORDED_FACTS_TOPIC);
    return answer;
  }

  private async record(
    tx: Tx,
    redeemerPartnerId: string,
    input: ReversalInput,
  ): Promise<{ answer: ReversalAnswer; isNew: boolean }> {
    const reversal = this.toReversal(redeemerPartnerId, input);
    const isNew = await this.reversals.insert(tx, reversal);
    if (!isNew) return { answer: await this.replay(tx, reversal, input), isNew };
    const { id, externalId } = reversal;
    const applied = await this.commands.applyWaiting(tx, {
      redemptions: { partnerIds: [], ids: [] },
      reversals: { partnerIds: [redeemerPartnerId], ids: [id] },
    });
    // Read back, so that the first answer and every repetition of it are made from the same row.
    const stored = (await this.stored.find(tx, redeemerPartnerId, externalId))!;
    assertApplicable(stored, input);
    const facts: RecordedFacts = {
      reversals: { [redeemerPartnerId]: [id] },
      ...(applied[0] && { redemptions: { [redeemerPartnerId]: [applied[0].redemptionId] } }),
    };
    await this.outbox.share(tx, RECORDED_FACTS_TOPIC, sharesOf(facts));
    return { answer: toAnswer(stored, input, false), isNew };
  }

  private async replay(tx: Tx, reversal: NewReversal, input: ReversalInput): Promise<ReversalAnswer> {
    const { redeemerPartnerId, externalId, fingerprint } = reversal;
    const stored = await this.stored.find(tx, redeemerPartnerId, externalId);
    if (stored?.fingerprint.equals(fingerprint)) return toAnswer(stored, input, true);
    throw unprocessable(
      'external-id.reused',
      `The externalId ${externalId} was posted before with other content.`,
      [{ pointer: '/externalId', detail: 'is taken by another reversal' }],
    );
  }

  private toReversal(redeemerPartnerId: string, input: ReversalInput): NewReversal {
    const { externalId, redemptionExternalId, amount, reason, occurredAt } = input;
    return {
      redeemerPartnerId,
      id: this.clock.newId(),
      externalId,
      fingerprint: fingerprintOf(input),
      redemptionExternalId,
      amount: amount?.minor ?? null,
      currency: amount?.currency ?? null,
      reason,
      occurredAt: new Date(occurredAt),
    };
  }
}

/** Of what the reversal says. Without an amount it is that of the versions that knew none. */
function fingerprintOf({ redemptionExternalId, amount, reason, occurredAt }: ReversalInput): Buffer {
  const said = [redemptionExternalId, reason, occurredAt];
  const money = amount ? [amount.minor.toString(), amount.currency] : [];
  return createHash('sha256')
    .update(JSON.stringify([...said, ...money]))
    .digest()
    .subarray(0, 16);
}

function toAnswer(
  { id, application, obstacle }: StoredReversal,
  { externalId, redemptionExternalId, amount }: ReversalInput,
  replayed: boolean,
): ReversalAnswer {
  return { id, externalId, redemptionExternalId, amount: amount ?? null, application, obstacle, replayed };
}

/**
 * What has arrived and cannot be reversed, or not so far, is said at once; the error rolls the insert back. A till that is
 * told can correct itself. A reversal that waited has been answered already and takes what is left.
 */
function assertApplicable({ application, obstacle }: StoredReversal, { amount }: ReversalInput): void {
  if (obstacle === 'redemption.not-accepted')
    throw conflict(obstacle, 'That redemption was refused: there is nothing to reverse.');
  if (obstacle === 'currency.mismatch')
    throw unprocessable(obstacle, 'The redemption is in another currency.', [
      { pointer: '/amount/currency', detail: "must be the redemption's currency" },
    ]);
  if (application === null) return;
  const { net, completes, currency } = application;
  if (net === 0n && !completes)
    throw conflict('redemption.already-reversed', 'That redemption has been reversed already.');
  if (amount && net < amount.minor) {
    const left = formatMoney({ minor: net, currency });
    throw conflict('reversal.exceeds-redemption', `Only ${left} ${currency} of that redemption are left.`, {
      remaining: { amount: left, currency },
    });
  }
}
