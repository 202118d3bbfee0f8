/** Ids by the partner at whose till the facts were recorded. */
export type IdsByPartner = Readonly<Record<string, readonly string[]>>;

/** Facts that were committed and are not attributed yet, as one outbox row names them. */
export interface FactRefs {
  readonly redemptions?: IdsByPartner | undefined;
  readonly reversals?: IdsByPartner | undefined;
  readonly receipts?: IdsByPartner | undefined;
}

/** Everything one job has to look at at one redeemer. */
export interface RedeemerRefs {
  readonly redeemerId: string;
  readonly redemptions: readonly string[];
  readonly reversals: readonly string[];
  readonly receipts: readonly string[];
}

const KINDS = ['redemptions', 'reversals', 'receipts'] as const satisfies readonly (keyof FactRefs)[];

/** Puts the references of several outbox rows together: each id once, one entry per redeemer, in the order of their ids. */
export function mergeRefs(refs: readonly FactRefs[]): RedeemerRefs[] {
  const merged = new Map<string, Record<(typeof KINDS)[number], Set<string>>>();
  for (const ref of refs) {
    for (const kind of KINDS) {
      for (const [redeemerId, ids] of Object.entries(ref[kind] ?? {})) {
        if (ids.length === 0) continue;
        let known = merged.get(redeemerId);
        if (!known) {
          known = { redemptions: new Set(), reversals: new Set(), receipts: new Set() };
          merged.set(redeemerId, known);
        }
        for (const id of ids) known[kind].add(id);
      }
    }
  }
  return [...merged]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([redeemerId, { redemptions, reversals, receipts }]) => ({
      redeemerId,
      redemptions: [...redemptions],
      reversals: [...reversals],
      receipts: [...receipts],
    }));
}

/** How many facts are named, each as often as it is. */
export function countRefs(refs: FactRefs): number {
  return KINDS.flatMap((kind) => Object.values(refs[kind] ?? {})).reduce((sum, ids) => sum + ids.length, 0);
}

/** Cuts references into two halves that name the same facts together; one that names a single fact cannot be cut. */
export function splitRefs(refs: FactRefs): [FactRefs, FactRefs] | undefined {
  const named = KINDS.flatMap((kind) =>
    Object.entries(refs[kind] ?? {}).flatMap(([redeemerId, ids]) =>
      ids.map((id) => ({ kind, redeemerId, id })),
    ),
  );
  if (named.length < 2) return undefined;
  const middle = named.length >> 1;
  return [toRefs(named.slice(0, middle)), toRefs(named.slice(middle))];
}

interface NamedFact {
  readonly kind: (typeof KINDS)[number];
  readonly redeemerId: string;
  readonly id: string;
}

function toRefs(named: readonly NamedFact[]): FactRefs {
  const refs: Partial<Record<(typeof KINDS)[number], Record<string, string[]>>> = {};
  for (const { kind, redeemerId, id } of named) ((refs[kind] ??= {})[redeemerId] ??= []).push(id);
  return refs;
}
