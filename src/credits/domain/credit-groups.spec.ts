import { describe, expect, it } from '@jest/globals';
import { type CreditPlacement, groupPlacements } from './credit-groups.js';

const names = {
  partners: new Map([
    ['cafe', 'Café'],
    ['gym', 'Gym'],
  ]),
  offers: new Map([['o1', '1: 10 %']]),
};
const placement = (fields: Partial<CreditPlacement>): CreditPlacement => ({
  ...{ id: 'p1', offerId: 'o1', issuerPartnerId: 'cafe', channelId: null, channelName: null, label: '' },
  ...fields,
});
const placements = [
  placement({ id: 'p1', channelId: 'print', channelName: 'Flyers', label: 'door' }),
  placement({ id: 'p2', channelId: 'print', channelName: 'Flyers', label: 'park' }),
  placement({ id: 'p3' }),
  placement({ id: 'p4', offerId: 'o2', issuerPartnerId: 'gym' }),
  placement({ id: 'p5', offerId: 'o3', issuerPartnerId: 'stranger' }),
];

describe('groupPlacements', () => {
  it('numbers every placement for itself, in the order in which they were made', () => {
    const { groups, parties } = groupPlacements(placements, 'placement', names);
    expect([...parties]).toEqual(placements.map(({ id }, party) => [id, party]));
    expect(groups[0]).toEqual({
      key: { placementId: 'p1', label: 'door', channelId: 'print' },
      label: '1: 10 %, Café, Flyers, door',
    });
  });

  it('leaves out of a label what is not there: a channel, words, an offer that is not in force', () => {
    const { groups } = groupPlacements(placements, 'placement', names);
    expect(groups.slice(2).map(({ label }) => label)).toEqual(['1: 10 %, Café', 'Gym', 'stranger']);
  });

  it('puts placements of one channel together; what is in none stands apart for each issuer', () => {
    const { groups, parties } = groupPlacements(placements, 'channel', names);
    expect([...parties.values()]).toEqual([0, 0, 1, 2, 3]);
    expect(groups.map(({ key, label }) => [key, label])).toEqual([
      [{ partnerId: 'cafe', channelId: 'print' }, 'Café, Flyers'],
      [{ partnerId: 'cafe', channelId: null }, 'Café, no channel'],
      [{ partnerId: 'gym', channelId: null }, 'Gym, no channel'],
      [{ partnerId: 'stranger', channelId: null }, 'stranger, no channel'],
    ]);
  });

  it('puts everything of an issuer together', () => {
    const { groups, parties } = groupPlacements(placements, 'partner', names);
    expect([...parties.values()]).toEqual([0, 0, 0, 1, 2]);
    expect(groups[0]).toEqual({ key: { partnerId: 'cafe' }, label: 'Café' });
  });

  it('has no party where no codes were ever handed out', () => {
    expect(groupPlacements([], 'channel', names)).toEqual({ groups: [], parties: new Map() });
  });
});
