import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareRatio, ratio } from '../../kernel/ratio.js';
import { assignArm } from './assign-arm.js';

/** As a match id is made: hashed digits with a fixed version and variant. */
function idOf(name: string | number): string {
  const hex = createHash('sha256').update(`reference:${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-b${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
const share = fc.integer({ min: 1, max: 500 }).map((mille) => ratio(BigInt(mille), 1000n));

describe('assignArm', () => {
  it('holds out a customer whose id, read as a number, lies below the share', () => {
    const half = ratio(1n, 2n);
    expect(assignArm('7fffffff-ffff-8fff-bfff-ffffffffffff', half)).toBe('held_out');
    expect(assignArm('80000000-0000-8000-8000-000000000000', half)).toBe('treated');
    expect(assignArm('00000000-0000-8000-8000-000000000000', ratio(1n, 1000n))).toBe('held_out');
  });

  it.each([
    [1n, 100n],
    [1n, 10n],
    [1n, 2n],
  ])('holds out %s of %s customers in the long run', (numerator, denominator) => {
    const customers = 20_000;
    const ids = Array.from({ length: customers }, (_, index) => idOf(index));
    const heldOut = ids.filter((id) => assignArm(id, ratio(numerator, denominator)) === 'held_out').length;
    const rate = Number(numerator) / Number(denominator);
    // Five standard errors: the hash is fixed, so this cannot fail by chance tomorrow.
    const margin = 5 * Math.sqrt(customers * rate * (1 - rate));
    expect(Math.abs(heldOut - customers * rate)).toBeLessThan(margin);
  });

  it('gives the same customer the same arm every time', () => {
    fc.assert(
      fc.property(fc.string(), share, (name, part) => {
        expect(assignArm(idOf(name), part)).toBe(assignArm(idOf(name), part));
      }),
    );
  });

  it('only adds customers to those held out when the share grows', () => {
    fc.assert(
      fc.property(fc.string(), share, share, (name, a, b) => {
        const [smaller, larger] = compareRatio(a, b) <= 0 ? [a, b] : [b, a];
        if (assignArm(idOf(name), smaller) === 'held_out')
          expect(assignArm(idOf(name), larger)).toBe('held_out');
      }),
    );
  });
});
