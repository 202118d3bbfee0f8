import type { CounterRow } from '../../codes/counter.commands.js';
import type { Counters } from '../domain/decide-batch.js';
import { detailScope, type Taken } from '../domain/uses.js';
import type { HeldUses } from '../reservation.repository.js';
import type { ResolvedCode } from './code-states.js';
import type { DecisionFacts } from './decision-reads.js';

const NOTHING: Taken = { uses: 0, spent: 0n };

/**
 * The counters a batch is judged by, out of what the database answered; what it did not name was never used. What live
 * reservations hold counts like what was redeemed.
 */
export function toCounters(
  resolved: readonly ResolvedCode[],
  { counters, holds, reservations, used }: DecisionFacts,
): Counters {
  const taken = new Sums();
  const codes = new Map(
    resolved.flatMap(({ code, codeUses }) => (code.kind === 'known' ? [[code.codeId, codeUses]] : [])),
  );
  for (const [codeId, uses] of codes) taken.add(codeId, { uses, spent: 0n });
  for (const row of [...counters, ...holds])
    for (const scope of scopesOfRow(row)) taken.add(scope, { uses: row.uses, spent: BigInt(row.spent) });
  const receipts = new Set(used.map((one) => `${one.codeId}|${one.channelId}/${one.receiptNumber}`));
  const byId = new Map(reservations.map((one) => [one.id, one]));
  return {
    taken: (scope) => taken.of(scope),
    usedOnReceipt: (codeId, receiptKey) => receipts.has(`${codeId}|${receiptKey}`),
    reservation: (id) => byId.get(id),
  };
}

/** What one row counts for: its offer, and the campaign that all its offers together make up. */
function scopesOfRow({ kind, offerId, campaignId, detail }: CounterRow | HeldUses): string[] {
  switch (kind) {
    case 'offer':
      return [offerId, campaignId];
    case 'day':
    case 'channel':
      return [detailScope(offerId, detail), detailScope(campaignId, detail)];
    case 'customer':
      return [detailScope(offerId, detail)];
    case 'code':
      return [detail];
  }
}

class Sums {
  private readonly sums = new Map<string, Taken>();

  add(scope: string, { uses, spent }: Taken): void {
    const before = this.of(scope);
    this.sums.set(scope, { uses: before.uses + uses, spent: before.spent + spent });
  }

  of(scope: string): Taken {
    return this.sums.get(scope) ?? NOTHING;
  }
}
