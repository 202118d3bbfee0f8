import { type TandemError, unprocessable } from '../../kernel/errors.js';
import type { PostedTouch } from './touch.js';

/** An item of a batch before it is written: ready, or refused by a check. */
export type TouchCandidate = { readonly kind: 'ready'; readonly touch: PostedTouch } | TouchFault;

export interface TouchFault {
  readonly kind: 'fault';
  /** Null when the item says nothing that could be one. */
  readonly externalId: string | null;
  readonly error: TandemError;
}

/** What is known under an external id at a redeemer; an empty fingerprint belongs to a touch whose customer was erased. */
export interface StoredTouch {
  readonly id: string;
  readonly redeemerPartnerId: string;
  readonly externalId: string;
  readonly fingerprint: string;
}

/** What one item of a batch came to. A fault is about this one item; nothing of it was stored. */
export type TouchResult =
  | {
      readonly kind: 'stored';
      readonly externalId: string;
      readonly id: string;
      /** It had been stored before, by an earlier post or by an earlier item of this one. */
      readonly replayed: boolean;
    }
  | TouchFault;

/**
 * The touches of a batch that try to become the one under their external id: of several the first. Sorted by redeemer and external id,
 * so that two batches with common touches wait for each other instead of deadlocking.
 */
export function contendingTouches(candidates: readonly TouchCandidate[]): PostedTouch[] {
  const first = new Map<string, PostedTouch>();
  for (const candidate of candidates) {
    if (candidate.kind === 'fault') continue;
    const key = keyOf(candidate.touch);
    if (!first.has(key)) first.set(key, candidate.touch);
  }
  return [...first.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, touch]) => touch);
}

/**
 * One result per candidate, in order. `stored` is what the table holds under their external ids now. A candidate carries an id of
 * its own, so it is the stored one exactly when the ids are the same.
 */
export function settleTouches(
  candidates: readonly TouchCandidate[],
  stored: readonly StoredTouch[],
): TouchResult[] {
  const byKey = new Map(stored.map((one) => [`${one.redeemerPartnerId}/${one.externalId}`, one]));
  return candidates.map((candidate) => {
    if (candidate.kind === 'fault') return candidate;
    const { id, externalId, fingerprint } = candidate.touch;
    const known = byKey.get(keyOf(candidate.touch));
    if (!known) throw new Error(`touch ${id} was neither inserted nor found`);
    if (known.fingerprint !== fingerprint && known.fingerprint !== '')
      return { kind: 'fault', externalId, error: otherTouch() };
    return { kind: 'stored', externalId, id: known.id, replayed: known.id !== id };
  });
}

function keyOf({ placement, externalId }: PostedTouch): string {
  return `${placement.redeemerPartnerId}/${externalId}`;
}

function otherTouch(): TandemError {
  return unprocessable(
    'external-id.reused',
    'Another touch was posted under this externalId; a touch never changes.',
    [{ pointer: '/externalId', detail: 'belongs to another touch' }],
  );
}
