import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FactRefs, mergeRefs } from './merge-refs.js';

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

describe('mergeRefs', () => {
  it('names a key once although several rows carry it', () => {
    const merged = mergeRefs([
      { redemptions: { p1: ['b', 'a', 'b'] } },
      { redemptions: { p1: ['a'], p2: ['a'] }, receipts: { p1: ['a'] } },
    ]);
    expect(merged.redemptions).toEqual({ partnerIds: ['p1', 'p1', 'p2'], ids: ['a', 'b', 'a'] });
    expect(merged.receipts).toEqual({ partnerIds: ['p1'], ids: ['a'] });
  });

  it('locks every partner that has a fact, and no other', () => {
    const merged = mergeRefs([
      { receipts: { p3: ['a'] } },
      { redemptions: { p1: ['a'], p4: [] }, reversals: { p2: ['b'] } },
    ]);
    expect(merged.redeemerIds).toEqual(['p1', 'p2', 'p3']);
  });

  it('has nothing to say about no rows', () => {
    const none = { partnerIds: [], ids: [] };
    expect(mergeRefs([])).toEqual({ redeemerIds: [], redemptions: none, reversals: none, receipts: none });
  });

  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(fc.array(refs), (rows) => {
        expect(mergeRefs([...rows].reverse())).toEqual(mergeRefs(rows));
      }),
    );
  });

  it('keeps every key of every row', () => {
    fc.assert(
      fc.property(fc.array(refs), (rows) => {
        const merged = mergeRefs(rows).redemptions;
        const pairs = merged.ids.map((id, index) => `${merged.partnerIds[index]}/${id}`);
        const expected = rows.flatMap((row) =>
          Object.entries(row.redemptions ?? {}).flatMap(([redeemer, keys]) =>
            keys.map((id) => `${redeemer}/${id}`),
          ),
        );
        expect(pairs).toEqual([...new Set(expected)].sort());
      }),
    );
  });
});
