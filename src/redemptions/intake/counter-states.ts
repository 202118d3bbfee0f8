import type { DetailUses } from '../../codes/counter.commands.js';
import type { Counters } from '../domain/decide-batch.js';
import { customerKey, offerDayKey } from '../domain/uses.js';
import type { ResolvedCode } from './code-states.js';
import type { CodeOnReceipt } from './redemption.repository.js';

/** The counters a batch is judged by, out of what the database answered; what it did not name was never used. */
export function toCounters(
  resolved: readonly ResolvedCode[],
  details: readonly DetailUses[],
  used: readonly CodeOnReceipt[],
): Counters {
  const codes = new Map<string, number>();
  const offers = new Map<string, number>();
  for (const { code, codeUses, offerUses } of resolved) {
    if (code.kind !== 'known') continue;
    codes.set(code.codeId, codeUses);
    offers.set(code.offer.offerId, offerUses);
  }
  const perDetail = new Map(details.map((one) => [detailKey(one), one.uses]));
  const receipts = new Set(used.map((one) => `${one.codeId}|${one.channelId}/${one.receiptNumber}`));
  return {
    code: (codeId) => codes.get(codeId) ?? 0,
    offer: (offerId) => offers.get(offerId) ?? 0,
    offerDay: (offerId, day) => perDetail.get(offerDayKey(offerId, day)) ?? 0,
    customer: (offerId, customerId) => perDetail.get(customerKey(offerId, customerId)) ?? 0,
    usedOnReceipt: (codeId, receiptKey) => receipts.has(`${codeId}|${receiptKey}`),
  };
}

function detailKey({ offerId, kind, detail }: DetailUses): string {
  return kind === 'day' ? offerDayKey(offerId, detail) : customerKey(offerId, detail);
}
