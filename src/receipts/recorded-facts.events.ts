import type { Share } from '../platform/outbox/outbox.js';

/** Outbox topic of every recorded fact that changes a report. Published here, where the lowest feature can reach it. */
export const RECORDED_FACTS_TOPIC = 'recorded-facts';

/** What was recorded: ids by the partner at whose till it happened. References only, never the facts themselves. */
export interface RecordedFacts {
  /** Redemptions that were recorded or reversed. */
  readonly redemptions?: Readonly<Record<string, readonly string[]>>;
  /** Reversals whose redemption may not have arrived yet. */
  readonly reversals?: Readonly<Record<string, readonly string[]>>;
  readonly receipts?: Readonly<Record<string, readonly string[]>>;
}

const KINDS = ['redemptions', 'reversals', 'receipts'] as const satisfies readonly (keyof RecordedFacts)[];

/** One share per redeemer, for `Outbox.share`. */
export function sharesOf(facts: RecordedFacts): Share[] {
  const redeemerIds = new Set(KINDS.flatMap((kind) => Object.keys(facts[kind] ?? {})));
  return [...redeemerIds].flatMap((redeemerPartnerId) => {
    const named = KINDS.flatMap((kind) => {
      const ids = facts[kind]?.[redeemerPartnerId] ?? [];
      return ids.length > 0 ? [{ kind, ids }] : [];
    });
    if (named.length === 0) return [];
    const payload: RecordedFacts = Object.fromEntries(
      named.map(({ kind, ids }) => [kind, { [redeemerPartnerId]: ids }]),
    );
    return [{ redeemerPartnerId, payload, facts: named.reduce((sum, { ids }) => sum + ids.length, 0) }];
  });
}
