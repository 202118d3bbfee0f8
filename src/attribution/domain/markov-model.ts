import { allocate } from '../../kernel/allocate.js';
import type { Ratio } from '../../kernel/ratio.js';
import { computeRemovalEffects, EFFECT_PARTS, type RemovalEffects } from './compute-removal-effects.js';
import { CONVERSION_PARTS, type CreditModel, type Credits, type NoCredits } from './credits.js';
import type { Journey } from './journey.js';
import { type Transition, TransitionCounts } from './transition-counts.js';

/** 200^3 steps take some 10 ms, in which the process does nothing else. */
export const MOST_MARKOV_PARTIES = 200;

/**
 * `markov`: credit in proportion to removal effects, effect(i) / sum of effects, of all conversions and of the whole value. A
 * removal effect says what is lost without a party, not what it alone brings, so effects add up to more than 1; that is why they
 * are scaled. (Anderl et al. 2016; ChannelAttribution `markov_model`, which simulates)
 */
export class MarkovModel implements CreditModel {
  private readonly counts: TransitionCounts;
  private conversions = 0n;
  private value = 0n;

  constructor(private readonly parties: number) {
    this.counts = new TransitionCounts(parties);
  }

  take(journey: Journey): void {
    this.counts.add(journey);
    this.conversions += BigInt(journey.conversions);
    this.value += journey.value;
  }

  transitions(): Transition[] {
    return this.counts.transitions();
  }

  /** Undefined for more than {@link MOST_MARKOV_PARTIES} parties that were touched. */
  removalEffects(): RemovalEffects | undefined {
    const transitions = this.transitions();
    const touched = new Set(transitions.map(({ from }) => from)).size - 1;
    return touched > MOST_MARKOV_PARTIES ? undefined : computeRemovalEffects(transitions, this.parties);
  }

  credits(): Credits | NoCredits {
    const removal = this.removalEffects();
    if (!removal) return { undefined: 'too-many-parties' };
    const weights = toWeights(removal.effects);
    return {
      amounts: allocate(this.value, weights),
      conversions: allocate(this.conversions * CONVERSION_PARTS, weights),
    };
  }
}

/** Effects are whole numbers of 2^-40. Once something converts they add up to 1 or more, since every conversion passes somebody. */
function toWeights(effects: readonly Ratio[]): bigint[] {
  return effects.map(({ numerator, denominator }) => numerator * (EFFECT_PARTS / denominator));
}
