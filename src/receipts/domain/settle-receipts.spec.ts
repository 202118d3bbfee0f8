import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { notFound } from '../../kernel/errors.js';
import type { Receipt } from './receipt.js';
import { type Candidate, contenders, settleReceipts, type StoredReceipt } from './settle-receipts.js';

function ready(id: string, externalId: string, fingerprint = 'same'): Candidate {
  const receipt: Receipt = {
    id,
    externalId,
    fingerprint,
    channelId: 'till',
    number: 'R-1',
    occurredAt: 0,
    day: '2026-06-15',
    total: 1_000n,
    costOfGoods: null,
    customerId: null,
  };
  return { kind: 'ready', receipt };
}

/** What the table does: the first one under a free external id stays. */
function settle(candidates: Candidate[], before: StoredReceipt[] = []) {
  const taken = new Set(before.map(({ externalId }) => externalId));
  const inserted = contenders(candidates).filter(({ externalId }) => !taken.has(externalId));
  return settleReceipts(candidates, [...before, ...inserted]);
}

const stored = (externalId: string, id: string) => ({ kind: 'stored', externalId, id, replayed: false });
const replayed = (externalId: string, id: string) => ({ kind: 'stored', externalId, id, replayed: true });
const conflict = (externalId: string) => ({
  kind: 'fault',
  externalId,
  error: expect.objectContaining({ code: 'external-id.conflict' }),
});

describe('settleReceipts', () => {
  it('stores the first receipt of an external id; the same once more is a replay with the same id', () => {
    expect(settle([ready('1', 'a'), ready('2', 'b'), ready('3', 'a')])).toEqual([
      stored('a', '1'),
      stored('b', '2'),
      replayed('a', '1'),
    ]);
  });

  it('refuses another receipt under an external id of the same batch', () => {
    const batch = [ready('1', 'a'), ready('2', 'a', 'other'), ready('3', 'a')];
    expect(settle(batch)).toEqual([stored('a', '1'), conflict('a'), replayed('a', '1')]);
  });

  it('answers a repeat of an earlier post with the earlier id', () => {
    const before = [{ id: '0', externalId: 'a', fingerprint: 'same' }];
    expect(settle([ready('1', 'a'), ready('2', 'b')], before)).toEqual([
      replayed('a', '0'),
      stored('b', '2'),
    ]);
  });

  it('compares every item with what is stored, not with the item before it', () => {
    const before = [{ id: '0', externalId: 'a', fingerprint: 'same' }];
    const batch = [ready('1', 'a', 'other'), ready('2', 'a', 'other'), ready('3', 'a')];
    expect(settle(batch, before)).toEqual([conflict('a'), conflict('a'), replayed('a', '0')]);
  });

  it('lets a good receipt take the external id of a refused one', () => {
    const refused: Candidate = { kind: 'fault', externalId: 'a', error: notFound() };
    expect(settle([refused, ready('1', 'a')])).toEqual([refused, stored('a', '1')]);
  });

  it('does not hide that a row is missing', () => {
    expect(() => settleReceipts([ready('1', 'a')], [])).toThrow('neither inserted nor found');
  });
});

describe('a posted batch', () => {
  const items = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('x', 'y')), {
    maxLength: 12,
  });
  const toBatch = (pairs: [string, string][], from: number) =>
    pairs.map(([externalId, print], index) => ready(`${from + index}`, externalId, print));

  it('stores nothing new when it is posted again, and answers the same ids and conflicts', () => {
    fc.assert(
      fc.property(items, (pairs) => {
        const first = toBatch(pairs, 0);
        const answers = settle(first);
        const again = settle(toBatch(pairs, 100), contenders(first));
        expect(again).toEqual(
          answers.map((answer) => (answer.kind === 'stored' ? { ...answer, replayed: true } : answer)),
        );
      }),
    );
  });

  it('writes each external id once, in one order for all batches', () => {
    fc.assert(
      fc.property(items, (pairs) => {
        const written = contenders(toBatch(pairs, 0)).map(({ externalId }) => externalId);
        expect(written).toEqual([...new Set(pairs.map(([externalId]) => externalId))].sort());
      }),
    );
  });
});
