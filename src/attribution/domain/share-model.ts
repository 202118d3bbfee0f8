import { CONVERSION_PARTS, type CreditModel, type Credits } from './credits.js';
import { ExactSums } from './exact-sums.js';
import type { Journey } from './journey.js';
import type { Shares } from './shares.js';

/**
 * A model that looks at one journey at a time: `split` says who gets which part of it. Parts are summed as fractions and become
 * cents once, at the end.
 *
 * Gains and losses are kept apart, because a largest remainder needs weights of one sign; so what a journey gives is taken back
 * to the cent by its mirror.
 */
export class ShareModel implements CreditModel {
  private readonly conversions: ExactSums;
  private readonly gains: ExactSums;
  private readonly losses: ExactSums;

  constructor(
    private readonly split: (journey: Journey) => Shares,
    parties: number,
  ) {
    this.conversions = new ExactSums(parties);
    this.gains = new ExactSums(parties);
    this.losses = new ExactSums(parties);
  }

  take(journey: Journey): void {
    if (journey.conversions === 0) return;
    const shares = this.split(journey);
    this.conversions.add(shares, BigInt(journey.conversions));
    if (journey.value > 0n) this.gains.add(shares, journey.value);
    if (journey.value < 0n) this.losses.add(shares, -journey.value);
  }

  credits(): Credits {
    const losses = this.losses.allocate();
    return {
      amounts: this.gains.allocate().map((gain, party) => gain - (losses[party] ?? 0n)),
      conversions: this.conversions.allocate(CONVERSION_PARTS),
    };
  }
}
