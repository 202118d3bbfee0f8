import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { coarseCount } from './coarse-count.js';

describe('a count that several partners see', () => {
  it.each([
    [0n, null],
    [9n, null],
    [10n, 10n],
    [19n, 10n],
    [20n, 20n],
  ])('of %s is shown as %s', (count, shown) => {
    expect(coarseCount(count)).toBe(shown);
  });

  it('is never more than it is, and less by nine at most', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10n, max: 10n ** 12n }), (count) => {
        const shown = coarseCount(count)!;
        expect(shown <= count && count - shown < 10n).toBe(true);
      }),
    );
  });
});
