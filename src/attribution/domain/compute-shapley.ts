import { addRatio, multiplyRatio, type Ratio, ratio, subtractRatio } from '../../kernel/ratio.js';

/** What a coalition is worth; the parties in it are the bits of the number, so 0b101 is parties 0 and 2. */
export type CoalitionValue = (coalition: number) => Ratio;

/** 2^10 coalitions take some 5,000 steps of exact fractions; each party more doubles them. */
export const MOST_SHAPLEY_PARTIES = 10;

/**
 * The Shapley value of each party (Shapley 1953), exactly:
 *
 *   phi(i) = sum over S without i of |S|! (n - |S| - 1)! / n! x (v(S + i) - v(S))
 *
 * The values add up to v(all) - v(0). May be negative: a party can make coalitions worse. Any unit; throws RangeError on more than
 * {@link MOST_SHAPLEY_PARTIES} parties.
 */
export function computeShapley(parties: number, v: CoalitionValue): Ratio[] {
  if (parties > MOST_SHAPLEY_PARTIES) throw new RangeError('too many parties to look at every coalition');
  const worth = Array.from({ length: 2 ** parties }, (_, coalition) => v(coalition));
  const weights = Array.from({ length: parties }, (_, size) => orderWeight(size, parties));
  return Array.from({ length: parties }, (_, party) => {
    const bit = 1 << party;
    let value = ratio(0n, 1n);
    for (const [coalition, without] of worth.entries()) {
      if (coalition & bit) continue;
      const gain = subtractRatio(worth[coalition | bit] ?? without, without);
      value = addRatio(value, multiplyRatio(gain, weights[sizeOf(coalition)] ?? ratio(0n, 1n)));
    }
    return value;
  });
}

/** The part of all orders of n parties in which exactly these `size` come before a given one. */
function orderWeight(size: number, parties: number): Ratio {
  return ratio(factorial(size) * factorial(parties - size - 1), factorial(parties));
}

function factorial(n: number): bigint {
  return n <= 1 ? 1n : BigInt(n) * factorial(n - 1);
}

function sizeOf(coalition: number): number {
  let size = 0;
  for (let rest = coalition; rest > 0; rest >>= 1) size += rest & 1;
  return size;
}
