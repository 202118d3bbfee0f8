import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ClerkWork, MAX_CLERKS, rankClerks } from './rank-clerks.js';

const work = (clerk: string, redemptions: bigint, overrides: Partial<ClerkWork> = {}): ClerkWork => ({
  ...{ channelId: 'desk', clerk, redemptions, refusals: 0n, discount: redemptions * 1_00n, leakage: 0n },
  ...overrides,
});
const NAMES = new Map([['desk', 'Desk']]);
const numbers = (figures: ReturnType<typeof rankClerks>['figures']): bigint[] =>
  Object.values(figures).map((figure) => BigInt('value' in figure ? figure.value.replace('.', '') : -1));

describe('rankClerks', () => {
  it('puts those first who took most codes', () => {
    const ranking = rankClerks(
      [work('Ann', 2n), work('', 7n), work('Bo', 5n, { leakage: 3_50n })],
      NAMES,
      'EUR',
    );
    expect(ranking.clerks.map(({ clerk, channelName }) => [clerk, channelName])).toEqual([
      [null, 'Desk'],
      ['Bo', 'Desk'],
      ['Ann', 'Desk'],
    ]);
    expect(ranking.clerks[1]?.figures).toEqual({
      redemptions: { value: '5', unit: 'count' },
      discountGiven: { value: '5.00', unit: 'EUR' },
      refusals: { value: '0', unit: 'count' },
      leakage: { value: '3.50', unit: 'EUR' },
    });
    expect(ranking.figures).toMatchObject({ redemptions: { value: '14' }, leakage: { value: '3.50' } });
  });

  it('tells no discounts while one waits for an exchange rate: nobody knows whose it is', () => {
    const { figures, clerks } = rankClerks([work('Ann', 2n)], NAMES, 'EUR', {
      redemptions: 1n,
      refusals: 0n,
    });
    for (const told of [figures, clerks[0]!.figures])
      expect(told).toMatchObject({
        redemptions: { value: '2' },
        discountGiven: { undefined: 'no-exchange-rate', parts: { redemptionsWithoutRate: '1' } },
        leakage: { value: '0.00' },
      });
  });

  it('of nobody is empty, with zeros', () => {
    expect(rankClerks([], NAMES, 'EUR')).toMatchObject({
      ...{ clerks: [], others: { clerks: 0 }, figures: { redemptions: { value: '0' } } },
    });
  });

  it('names so many only, whatever a till sends as its clerk, and the lines add up to the whole', () => {
    const anyWork = fc.uniqueArray(
      fc.record({
        clerk: fc.string({ maxLength: 4 }),
        redemptions: fc.bigInt(0n, 9n),
        refusals: fc.bigInt(0n, 9n),
      }),
      { selector: ({ clerk }) => clerk, maxLength: 30 },
    );
    fc.assert(
      fc.property(anyWork, fc.boolean(), (list, isMany) => {
        const crowd = isMany ? Array.from({ length: MAX_CLERKS }, (_, n) => work(`receipt ${n}`, 1n)) : [];
        const all = [
          ...list.map(({ clerk, redemptions, refusals }) => work(clerk, redemptions, { refusals })),
          ...crowd,
        ];
        const ranking = rankClerks(all, NAMES, 'EUR');
        expect(ranking.clerks.length + ranking.others.clerks).toBe(all.length);
        expect(ranking.clerks.length <= MAX_CLERKS).toBe(true);
        const lines = [...ranking.clerks, ranking.others].map(({ figures }) => numbers(figures));
        const sums = numbers(ranking.figures).map((_, column) =>
          lines.reduce((sum, line) => sum + (line[column] ?? 0n), 0n),
        );
        expect(sums).toEqual(numbers(ranking.figures));
        expect(rankClerks([...all].reverse(), NAMES, 'EUR')).toEqual(ranking);
      }),
      { numRuns: 30 },
    );
  });
});
