import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ReversalPart, type ReversedSoFar, splitReversal } from './split-reversal.js';

const untouched = (net: bigint, discount: bigint): ReversedSoFar => ({
  net,
  discount,
  reversedNet: 0n,
  isComplete: false,
});

/** Reverses one amount after the other. */
function reverse(redemption: ReversedSoFar, amounts: readonly (bigint | null)[]): ReversalPart[] {
  let so = redemption;
  return amounts.map((amount) => {
    const part = splitReversal(so, amount);
    so = { ...so, reversedNet: so.reversedNet + part.net, isComplete: so.isComplete || part.completes };
    return part;
  });
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
const totals = (parts: readonly ReversalPart[]) => ({
  net: sum(parts.map((part) => part.net)),
  discount: sum(parts.map((part) => part.discount)),
});

const redemptions = fc.record({ net: fc.bigInt(0n, 2_000n), discount: fc.bigInt(0n, 900n) });
const amounts = fc.array(fc.option(fc.bigInt(1n, 700n), { freq: 6 }), { maxLength: 8 });

describe('a partial reversal', () => {
  it('takes the discount back in proportion: of 40.00 less 4.00, 9.00 take 1.00 and the other 27.00 take 3.00', () => {
    const [first, second] = reverse(untouched(3_600n, 400n), [900n, 2_700n]);
    expect(first).toEqual({ net: 900n, discount: 100n, remaining: 2_700n, completes: false });
    expect(second).toEqual({ net: 2_700n, discount: 300n, remaining: 0n, completes: true });
  });

  it('of three equal thirds of one cent of discount gives the cent back once', () => {
    expect(reverse(untouched(3n, 1n), [1n, 1n, 1n]).map((part) => part.discount)).toEqual([0n, 1n, 0n]);
  });

  it('of more than is left takes what is left and completes', () => {
    expect(reverse(untouched(100n, 10n), [70n, 70n])[1]).toEqual({
      net: 30n,
      discount: 3n,
      remaining: 0n,
      completes: true,
    });
  });

  it('takes nothing when nothing is left, and does not complete a second time', () => {
    expect(reverse(untouched(100n, 10n), [null, 50n, null]).slice(1)).toEqual(
      Array(2).fill({ net: 0n, discount: 0n, remaining: 0n, completes: false }),
    );
  });

  it('of a redemption whose discount was the whole price undoes all of it, once', () => {
    expect(reverse(untouched(0n, 500n), [20n, null])).toEqual([
      { net: 0n, discount: 500n, remaining: 0n, completes: true },
      { net: 0n, discount: 0n, remaining: 0n, completes: false },
    ]);
  });

  it('no part is negative, and what remains is what was paid less what went back', () => {
    fc.assert(
      fc.property(redemptions, amounts, ({ net, discount }, given) => {
        let reversed = 0n;
        for (const part of reverse(untouched(net, discount), given)) {
          reversed += part.net;
          expect(part.net >= 0n && part.discount >= 0n).toBe(true);
          expect(part.remaining).toBe(net - reversed);
        }
      }),
    );
  });

  it('the parts never exceed the redemption, and the discount stays within a cent of its proportion', () => {
    fc.assert(
      fc.property(redemptions, amounts, ({ net, discount }, given) => {
        const back = totals(reverse(untouched(net, discount), given));
        expect(back.net <= net && back.discount <= discount).toBe(true);
        const offBy = back.discount * net - discount * back.net;
        expect(2n * (offBy < 0n ? -offBy : offBy) <= net).toBe(true);
      }),
    );
  });

  it('a redemption plus reversals down to the end is zero, and exactly one of them completes it', () => {
    fc.assert(
      fc.property(redemptions, amounts, ({ net, discount }, given) => {
        const parts = reverse(untouched(net, discount), [...given, null]);
        expect(totals(parts)).toEqual({ net, discount });
        expect(parts.filter((part) => part.completes)).toHaveLength(1);
      }),
    );
  });

  it('the same reversals in another order undo the same in all', () => {
    const shuffled = amounts.chain((given) =>
      fc.tuple(
        fc.constant(given),
        fc.shuffledSubarray(given, { minLength: given.length, maxLength: given.length }),
      ),
    );
    fc.assert(
      fc.property(redemptions, shuffled, ({ net, discount }, [given, other]) => {
        const so = untouched(net, discount);
        expect(totals(reverse(so, other))).toEqual(totals(reverse(so, given)));
      }),
    );
  });
});
