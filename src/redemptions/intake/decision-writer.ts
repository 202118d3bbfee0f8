import { Injectable } from '@nestjs/common';
import { CodeCommands } from '../../codes/code.commands.js';
import { CounterCommands } from '../../codes/counter.commands.js';
import type { Tx } from '../../platform/database/tx.js';
import { Outbox } from '../../platform/outbox/outbox.js';
import { RECORDED_FACTS_TOPIC, type RecordedFacts } from '../../receipts/recorded-facts.events.js';
import type { BatchDecision, Claims } from '../domain/decide-batch.js';
import type { ReadySubmission } from './ready-submission.js';
import { type InsertedRedemption, RedemptionRepository } from './redemption.repository.js';

/** The statements of a decision, sent and not waited for. */
export interface SentDecision {
  readonly writes: readonly Promise<unknown>[];
  readonly outboxId: Promise<string> | null;
}

/** Writes what was decided: the outcomes, the uses they take from codes and counters, and the outbox row for the worker. */
@Injectable()
export class DecisionWriter {
  constructor(
    private readonly redemptions: RedemptionRepository,
    private readonly codes: CodeCommands,
    private readonly counters: CounterCommands,
    private readonly outbox: Outbox,
  ) {}

  /** Sends all of it at once, for a pipelined connection; the transaction waits for it. */
  send(
    tx: Tx,
    judged: readonly ReadySubmission[],
    { claims }: BatchDecision,
    rows: readonly InsertedRedemption[],
  ): SentDecision {
    if (rows.length === 0) return { writes: [], outboxId: null };
    const known = rows.filter((row) => row.campaignId !== null);
    const writes: Promise<unknown>[] = [
      this.redemptions.insert(tx, rows),
      ...this.takeUses(tx, judged, claims),
    ];
    if (known.length === 0) return { writes, outboxId: null };
    const outboxId = this.outbox.append(tx, RECORDED_FACTS_TOPIC, toRecordedFacts(known));
    return { writes: [...writes, outboxId], outboxId };
  }

  private takeUses(tx: Tx, judged: readonly ReadySubmission[], claims: Claims): Promise<void>[] {
    if (claims.codes.size === 0) return [];
    const redeemerOf = new Map<string, string>();
    for (const { submission, code } of judged) {
      if (code.kind !== 'known') continue;
      redeemerOf.set(code.codeId, submission.redeemerPartnerId);
      redeemerOf.set(code.offer.offerId, submission.redeemerPartnerId);
    }
    const redeemer = (id: string) => redeemerOf.get(id) as string;
    const codes = [...claims.codes].map(([codeId, uses]) => ({
      redeemerPartnerId: redeemer(codeId),
      ...{ codeId, uses },
    }));
    const counters = {
      offers: [...claims.offers].map(([offerId, uses]) => ({
        redeemerPartnerId: redeemer(offerId),
        offerId,
        uses,
      })),
      offerDays: [...claims.offerDays].map(([key, uses]) => {
        const [offerId = '', day = ''] = key.split('|');
        return { redeemerPartnerId: redeemer(offerId), offerId, day, uses };
      }),
      customers: [...claims.customers].map(([key, uses]) => {
        const [offerId = '', customerId = ''] = key.split('|');
        return { redeemerPartnerId: redeemer(offerId), offerId, customerId, uses };
      }),
    };
    return [this.codes.claimUses(tx, codes), ...this.counters.take(tx, counters)];
  }
}

function toRecordedFacts(rows: readonly InsertedRedemption[]): RecordedFacts {
  const redemptions: Record<string, string[]> = {};
  for (const row of rows) (redemptions[row.redeemerPartnerId] ??= []).push(row.id);
  return { redemptions };
}
