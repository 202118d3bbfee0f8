/** Ids by the partner at whose till the facts were recorded. */
export type IdsByPartner = Readonly<Record<string, readonly string[]>>;

/** Facts that were committed and are not attributed yet, as one outbox row names them. */
export interface FactRefs {
  readonly redemptions?: IdsByPartner | undefined;
  readonly reversals?: IdsByPartner | undefined;
  readonly receipts?: IdsByPartner | undefined;
}

/** Keys as two parallel columns, the shape `unnest` takes: `partnerIds[i]` goes with `ids[i]`. */
export interface FactKeys {
  readonly partnerIds: readonly string[];
  readonly ids: readonly string[];
}

/** Everything one job has to look at. `redeemerIds` are the partners to lock. */
export interface MergedRefs {
  readonly redeemerIds: readonly string[];
  readonly redemptions: FactKeys;
  readonly reversals: FactKeys;
  readonly receipts: FactKeys;
}

/** Puts the references of several outbox rows together: each key once, in the same order whatever the order of the rows. */
export function mergeRefs(refs: readonly FactRefs[]): MergedRefs {
  const redemptions = mergeKeys(refs.map((ref) => ref.redemptions ?? {}));
  const reversals = mergeKeys(refs.map((ref) => ref.reversals ?? {}));
  const receipts = mergeKeys(refs.map((ref) => ref.receipts ?? {}));
  const partnerIds = [redemptions, reversals, receipts].flatMap((keys) => keys.partnerIds);
  return { redeemerIds: [...new Set(partnerIds)].sort(), redemptions, reversals, receipts };
}

function mergeKeys(sources: readonly IdsByPartner[]): FactKeys {
  const merged = new Map<string, Set<string>>();
  for (const source of sources) {
    for (const [partnerId, ids] of Object.entries(source)) {
      const known = merged.get(partnerId) ?? new Set<string>();
      ids.forEach((id) => known.add(id));
      merged.set(partnerId, known);
    }
  }
  const pairs = [...merged.keys()]
    .sort()
    .flatMap((partnerId) => [...(merged.get(partnerId) ?? [])].sort().map((id) => ({ partnerId, id })));
  return { partnerIds: pairs.map((pair) => pair.partnerId), ids: pairs.map((pair) => pair.id) };
}
