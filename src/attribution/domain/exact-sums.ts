import { allocate } from '../../kernel/allocate.js';
import type { Shares } from './shares.js';

/**
 * What each party gets of many quantities, kept as exact fractions: whole numbers by denominator, so that the order in which they
 * come cannot change a digit. Memory grows with parties and with how many lengths of journeys there are, not with journeys.
 */
export class ExactSums {
  private total = 0n;
  private readonly byDenominator = new Map<number, bigint[]>();

  constructor(private readonly parties: number) {}

  /** Shares a quantity that is not negative. Throws RangeError when the shares do not name anybody. */
  add({ denominator, parties, shares }: Shares, quantity: bigint): void {
    if (denominator === 0) throw new RangeError('a quantity needs somebody to take it');
    this.total += quantity;
    const sums = this.sumsOver(denominator);
    for (let i = 0; i < parties.length; i += 1) {
      const party = parties[i] ?? 0;
      const share = shares?.[i] ?? 1;
      sums[party] = (sums[party] ?? 0n) + (share === 1 ? quantity : quantity * BigInt(share));
    }
  }

  /** Whole parts of 1/scale by party that add up to the total exactly, by largest remainder. */
  allocate(scale = 1n): bigint[] {
    return allocate(this.total * scale, this.weights());
  }

  /** Every sum over one common denominator: in proportion to what each party gets. */
  private weights(): bigint[] {
    const common = [...this.byDenominator.keys()].reduce((a, b) => leastCommonMultiple(a, BigInt(b)), 1n);
    const weights = Array<bigint>(this.parties).fill(0n);
    for (const [denominator, sums] of this.byDenominator) {
      const factor = common / BigInt(denominator);
      for (const [party, sum] of sums.entries()) weights[party] = (weights[party] ?? 0n) + sum * factor;
    }
    return weights;
  }

  private sumsOver(denominator: number): bigint[] {
    let sums = this.byDenominator.get(denominator);
    if (!sums) {
      sums = Array<bigint>(this.parties).fill(0n);
      this.byDenominator.set(denominator, sums);
    }
    return sums;
  }
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return (a / x) * b;
}
