import { type Ratio, ratio } from '../../kernel/ratio.js';
import { computeShapley, MOST_SHAPLEY_PARTIES } from './compute-shapley.js';
import type { Journey } from './journey.js';

const NOTHING = ratio(0n, 1n);

// A sum of a thousand different fractions has a denominator of thousands of digits and takes ten seconds. So rates are cut to whole
// 2^-40 (a millionth of a millionth) before they are added up.
const RATE_PARTS = 2n ** 40n;

/**
 * Shapley values of conversion rates, to look at beside credits and never to pay by: they can be negative.
 *
 * v(S) is the rate at which journeys convert that touch nobody outside S, conversions / (conversions + nulls), and 0 where there is
 * no such journey. So the values add up to the rate of all. Memory grows with the sets of parties that occur, at most 2^10 of them;
 * once more parties were touched than can be enumerated, nothing is kept.
 */
export class CoalitionRates {
  /** The bit of each party that was touched. Bits are dealt out as parties come, which no value depends on. */
  private readonly bits = new Map<number, number>();
  private readonly bySet = new Map<number, { conversions: number; nulls: number }>();

  constructor(private readonly parties: number) {}

  take({ parties, conversions, nulls }: Journey): void {
    for (const party of parties) if (!this.bits.has(party)) this.bits.set(party, 1 << this.bits.size);
    if (this.isTooMany()) return this.bySet.clear();
    const set = parties.reduce((all, party) => all | (this.bits.get(party) ?? 0), 0);
    const known = this.bySet.get(set) ?? { conversions: 0, nulls: 0 };
    this.bySet.set(set, { conversions: known.conversions + conversions, nulls: known.nulls + nulls });
  }

  /** By party, its part of the rate of all journeys: 0.1 is ten percentage points. Undefined for too many parties. */
  effects(): Ratio[] | undefined {
    if (this.isTooMany()) return undefined;
    const values = computeShapley(this.bits.size, (coalition) => this.rateWithin(coalition));
    const effects = Array<Ratio>(this.parties).fill(NOTHING);
    for (const [place, party] of [...this.bits.keys()].entries()) effects[party] = values[place] ?? NOTHING;
    return effects;
  }

  private isTooMany(): boolean {
    return this.bits.size > MOST_SHAPLEY_PARTIES;
  }

  private rateWithin(coalition: number): Ratio {
    let [converted, all] = [0, 0];
    for (const [set, { conversions, nulls }] of this.bySet) {
      if (set & ~coalition) continue;
      converted += conversions;
      all += conversions + nulls;
    }
    return all === 0 ? NOTHING : ratio((BigInt(converted) * RATE_PARTS) / BigInt(all), RATE_PARTS);
  }
}
