import { describe, expect, it } from '@jest/globals';
import { contendingTouches, settleTouches, type TouchCandidate } from './settle-touches.js';

function ready(externalId: string, id: string, fingerprint = 'aa', redeemer = 'r'): TouchCandidate {
  const placement = {
    ...{ placementId: 'p', offerId: 'o', campaignId: 'c', channelId: null, isApproved: true },
    ...{ issuerPartnerId: 'i', redeemerPartnerId: redeemer },
  };
  const touch = {
    id,
    externalId,
    fingerprint,
    placement,
    kind: 'visit' as const,
    matchId: null,
    occurredAt: 0,
  };
  return { kind: 'ready', touch };
}

const stored = (externalId: string, id: string, fingerprint = 'aa', redeemerPartnerId = 'r') => ({
  ...{ externalId, id, fingerprint, redeemerPartnerId },
});

describe('the touches of a batch', () => {
  it('contend once for each external id at a redeemer, in an order that does not depend on the batch', () => {
    const items = [ready('b', '1'), ready('a', '2'), ready('b', '3'), ready('a', '4', 'aa', 'q')];
    const ids = (list: readonly TouchCandidate[]) => contendingTouches(list).map(({ id }) => id);
    expect(ids(items)).toEqual(['4', '2', '1']);
    expect(ids([...items].reverse())).toEqual(['4', '2', '3']);
  });

  it('are stored, replays, or other touches under a known id', () => {
    const results = settleTouches(
      [ready('new', '1'), ready('known', '2'), ready('other', '3')],
      [stored('new', '1'), stored('known', '9'), stored('other', '8', 'bb')],
    );
    expect(results).toMatchObject([
      { kind: 'stored', id: '1', replayed: false },
      { kind: 'stored', id: '9', replayed: true },
      { kind: 'fault', externalId: 'other', error: { code: 'external-id.reused' } },
    ]);
  });

  it('named twice in one batch are one, and a contradiction is told', () => {
    const results = settleTouches(
      [ready('a', '1'), ready('a', '2'), ready('a', '3', 'cc')],
      [stored('a', '1')],
    );
    expect(results).toMatchObject([
      { id: '1', replayed: false },
      { id: '1', replayed: true },
      { kind: 'fault', error: { code: 'external-id.reused' } },
    ]);
  });

  it('of an erased customer are replays whatever they say, since nobody can tell any more', () => {
    expect(settleTouches([ready('a', '2', 'cc')], [stored('a', '1', '')])).toMatchObject([
      { kind: 'stored', id: '1', replayed: true },
    ]);
  });
});
