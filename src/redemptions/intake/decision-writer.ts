import { Injectable } from '@nestjs/common';
import { CodeCommands } from '../../codes/code.commands.js';
import { CounterCommands } from '../../codes/counter.commands.js';
import type { Tx } from '../../platform/database/tx.js';
import { Outbox } from '../../platform/outbox/outbox.js';
import { RECORDED_FACTS_TOPIC, type RecordedFacts, sharesOf } from '../../receipts/recorded-facts.events.js';
import type { BatchDecision, Claims } from '../domain/decide-batch.js';
import type { Taken } from '../domain/uses.js';
import { type RedeemedReservation, ReservationRepository } from '../reservation.repository.js';
import type { ReadySubmission } from './ready-submission.js';
import { type InsertedRedemption, RedemptionRepository } from './redemption.repository.js';

/** The statements of a decision, sent and not waited for. */
export interface SentDecision {
  readonly writes: readonly Promise<unknown>[];
  /** Whether there is something for the worker in it. */
  readonly hasNews: boolean;
}

/** Writes what was decided: the outcomes, the uses they take, the reservations they use up, and the outbox rows for the worker. */
@Injectable()
export class DecisionWriter {
  constructor(
    private readonly redemptions: RedemptionRepository,
    private readonly codes: CodeCommands,
    private readonly counters: CounterCommands,
    private readonly reservations: ReservationRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Sends all of it at once, for a pipelined connection; the transaction waits for it. */
  send(
    tx: Tx,
    judged: readonly ReadySubmission[],
    { claims }: BatchDecision,
    rows: readonly InsertedRedemption[],
  ): SentDecision {
    if (rows.length === 0) return { writes: [], hasNews: false };
    const known = rows.filter((row) => row.campaignId !== null);
    const writes: Promise<unknown>[] = [
      this.redemptions.insert(tx, rows),
      ...this.takeUses(tx, judged, claims),
      this.reservations.redeem(tx, toRedeemedReservations(rows, claims.reservations)),
    ];
    if (known.length > 0)
      writes.push(this.outbox.share(tx, RECORDED_FACTS_TOPIC, sharesOf(toRecordedFacts(known))));
    return { writes, hasNews: known.length > 0 };
  }

  private takeUses(tx: Tx, judged: readonly ReadySubmission[], claims: Claims): Promise<void>[] {
    const redeemers = redeemersOf(judged);
    const taken = (counts: ReadonlyMap<string, Taken>) =>
      [...counts].map(([scope, { uses, spent }]) => {
        const [id = '', detail = ''] = scope.split('|');
        return { redeemerPartnerId: redeemers.get(id)!, id, detail, uses, spent };
      });
    return [
      this.codes.claimUses(
        tx,
        taken(claims.codes).map(({ id, ...one }) => ({ ...one, codeId: id })),
      ),
      ...this.counters.take(tx, {
        offers: taken(claims.offers).map(({ id, ...one }) => ({ ...one, offerId: id })),
        offerDays: taken(claims.offerDays).map(({ id, detail, ...one }) => ({
          ...one,
          offerId: id,
          day: detail,
        })),
        offerChannels: taken(claims.offerChannels).map(({ id, detail, ...one }) => ({
          ...one,
          offerId: id,
          channelId: detail,
        })),
        customers: taken(claims.customers).map(({ id, detail, ...one }) => ({
          ...one,
          offerId: id,
          customerId: detail,
        })),
      }),
    ];
  }
}

/** The redeemer of each code and offer of the batch. */
function redeemersOf(judged: readonly ReadySubmission[]): Map<string, string> {
  const redeemers = new Map<string, string>();
  for (const { submission, code } of judged) {
    if (code.kind !== 'known') continue;
    redeemers.set(code.codeId, submission.redeemerPartnerId);
    redeemers.set(code.offer.offerId, submission.redeemerPartnerId);
  }
  return redeemers;
}

function toRedeemedReservations(
  rows: readonly InsertedRedemption[],
  usedUp: ReadonlySet<string>,
): RedeemedReservation[] {
  return rows.flatMap(({ status, submission, redeemerPartnerId, id }) => {
    const { reservationId } = submission;
    if (status !== 'accepted' || reservationId === null || !usedUp.has(reservationId)) return [];
    return { redeemerPartnerId, reservationId, redemptionId: id };
  });
}

function toRecordedFacts(rows: readonly InsertedRedemption[]): RecordedFacts {
  const redemptions: Record<string, string[]> = {};
  for (const row of rows) (redemptions[row.redeemerPartnerId] ??= []).push(row.id);
  return { redemptions };
}
