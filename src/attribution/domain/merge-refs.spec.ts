import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countRefs, type FactRefs, mergeRefs, splitRefs } from './merge-refs.js';

const partner = fc.constantFrom('p1', 'p2', 'p3');
const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 6 });
const refs: fc.Arbitrary<FactRefs> = fc.record(
  {
    redemptions: fc.dictionary(partner, ids),
    reversals: fc.dictionary(partner, ids),
    receipts: fc.dictionary(partner, ids),
  },
  { requiredKeys: [] },
);

/** What is named, in an order of its own, each as often as it is. */
function named(rows: readonly FactRefs[]): string[] {
  return rows
    .flatMap((row) =>
      Object.entries(row).flatMap(([kind, byPartner]) =>
        Object.entries(byPartner as Record<string, string[]>).flatMap(([redeemer, keys]) =>
          keys.map((id) => `${kind}/${redeemer}/${id}`),
        ),
      ),
    )
    .sort();
}

describe('mergeRefs', () => {
  it('names an id once although several rows carry it', () => {
    const merged = mergeRefs([
      { redemptions: { p1: ['b', 'a', 'b'] } },
      { redemptions: { p1: ['a'], p2: ['a'] }, receipts: { p1: ['a'] } },
    ]);
    expect(merged).toEqual([
      { redeemerId: 'p1', redemptions: ['b', 'a'], reversals: [], receipts: ['a'] },
      { redeemerId: 'p2', redemptions: ['a'], reversals: [], receipts: [] },
    ]);
  });

  it('has every partner that has a fact, and no other, in the order of their ids', () => {
    const merged = mergeRefs([
      { receipts: { p3: ['a'] } },
      { redemptions: { p1: ['a'], p4: [] }, reversals: { p2: ['b'] } },
    ]);
    expect(merged.map((one) => one.redeemerId)).toEqual(['p1', 'p2', 'p3']);
    expect(mergeRefs([])).toEqual([]);
  });

  it('keeps every id of every row', () => {
    fc.assert(
      fc.property(fc.array(refs), (rows) => {
        const kept = mergeRefs(rows).flatMap(({ redeemerId, ...kinds }) =>
          Object.entries(kinds).flatMap(([kind, keys]) => keys.map((id) => `${kind}/${redeemerId}/${id}`)),
        );
        expect(kept.sort()).toEqual([...new Set(named(rows))]);
      }),
    );
  });
});

describe('splitRefs', () => {
  it('makes two halves that name the same together', () => {
    fc.assert(
      fc.property(refs, (whole) => {
        const halves = splitRefs(whole);
        const size = countRefs(whole);
        expect(size).toBe(named([whole]).length);
        if (size < 2) expect(halves).toBeUndefined();
        else {
          expect(named(halves ?? [])).toEqual(named([whole]));
          expect(halves?.map(countRefs)).toEqual([size >> 1, size - (size >> 1)]);
        }
      }),
    );
  });
});
