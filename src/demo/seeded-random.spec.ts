import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SeededRandom } from './seeded-random.js';

describe('SeededRandom', () => {
  it('gives the published first numbers of mulberry32', () => {
    const random = new SeededRandom(0);
    const numbers = [random.next(), random.next(), random.next()];
    expect(numbers.map((number) => Math.floor(number * 4_294_967_296))).toEqual([
      1144304738, 1416247, 958946056,
    ]);
  });

  it('draws whole numbers between the ends, both of which come up', () => {
    const random = new SeededRandom(7);
    const drawn = new Set(Array.from({ length: 200 }, () => random.integer(3, 6)));
    expect([...drawn].sort((a, b) => a - b)).toEqual([3, 4, 5, 6]);
  });

  it('repeats itself under the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [one, other] = [new SeededRandom(seed), new SeededRandom(seed)];
        return Array.from({ length: 10 }, () => one.next() === other.next()).every(Boolean);
      }),
    );
  });
});
