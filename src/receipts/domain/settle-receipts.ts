import { type TandemError, unprocessable } from '../../kernel/errors.js';
import type { Receipt } from './receipt.js';

/** A receipt of a batch before it is written: ready, or refused by a check. */
export type Candidate = { readonly kind: 'ready'; readonly receipt: Receipt } | ReceiptFault;

export interface ReceiptFault {
  readonly kind: 'fault';
  readonly externalId: string;
  readonly error: TandemError;
}

/** What is known under an external id. */
export type StoredReceipt = Pick<Receipt, 'id' | 'externalId' | 'fingerprint'>;

/** What one receipt of a batch came to. A fault is about this one receipt; nothing of it was stored. */
export type ReceiptResult =
  | {
      readonly kind: 'stored';
      readonly externalId: string;
      readonly id: string;
      /** It had been stored before, by an earlier post or by an earlier item of this one. */
      readonly replayed: boolean;
    }
  | ReceiptFault;

/**
 * The receipts of a batch that try to become the one under their external id: of several the first. Sorted by external
 * id, so that two batches with common receipts wait for each other instead of deadlocking.
 */
export function contenders(candidates: readonly Candidate[]): Receipt[] {
  const first = new Map<string, Receipt>();
  for (const candidate of candidates) {
    if (candidate.kind === 'fault' || first.has(candidate.receipt.externalId)) continue;
    first.set(candidate.receipt.externalId, candidate.receipt);
  }
  return [...first.values()].sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
}

/**
 * One result per candidate, in order. `stored` is what the table holds under their external ids now. A candidate carries
 * an id of its own, so it is the stored one exactly when the ids are the same.
 */
export function settleReceipts(
  candidates: readonly Candidate[],
  stored: readonly StoredReceipt[],
): ReceiptResult[] {
  const byExternalId = new Map(stored.map((receipt) => [receipt.externalId, receipt]));
  return candidates.map((candidate) => {
    if (candidate.kind === 'fault') return candidate;
    const { id, externalId, fingerprint } = candidate.receipt;
    const known = byExternalId.get(externalId);
    if (!known) throw new Error(`receipt ${id} was neither inserted nor found`);
    // That of a receipt whose customer was erased is empty: nobody can tell any more, so the till is believed.
    if (known.fingerprint !== fingerprint && known.fingerprint !== '')
      return { kind: 'fault', externalId, error: otherReceipt() };
    return { kind: 'stored', externalId, id: known.id, replayed: known.id !== id };
  });
}

function otherReceipt(): TandemError {
  return unprocessable(
    'external-id.conflict',
    'Another receipt was posted under this externalId; a receipt never changes.',
    [{ pointer: '/externalId', detail: 'belongs to another receipt' }],
  );
}
