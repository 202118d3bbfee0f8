import { Injectable } from '@nestjs/common';
import { CodeCommands } from '../../codes/code.commands.js';
import { CounterCommands } from '../../codes/counter.commands.js';
import type { Tx } from '../../platform/database/tx.js';
import type { Claims } from '../domain/decide-batch.js';
import type { ReadySubmission } from './ready-submission.js';

/** Writes the uses that a batch takes: codes first, then the counters of their offers. */
@Injectable()
export class ClaimWriter {
  constructor(
    private readonly codes: CodeCommands,
    private readonly counters: CounterCommands,
  ) {}

  async write(tx: Tx, judged: readonly ReadySubmission[], claims: Claims): Promise<void> {
    if (claims.codes.size === 0) return;
    const redeemerOf = new Map<string, string>();
    for (const { submission, code } of judged) {
      if (code.kind !== 'known') continue;
      redeemerOf.set(code.codeId, submission.redeemerPartnerId);
      redeemerOf.set(code.offer.offerId, submission.redeemerPartnerId);
    }
    const redeemer = (id: string) => redeemerOf.get(id) as string;
    await this.codes.claimUses(
      tx,
      [...claims.codes].map(([codeId, uses]) => ({ redeemerPartnerId: redeemer(codeId), codeId, uses })),
    );
    await this.counters.add(tx, {
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
    });
  }
}
