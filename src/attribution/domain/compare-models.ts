import type { Ratio } from '../../kernel/ratio.js';
import { CoalitionRates } from './coalition-rates.js';
import type { RemovalEffects } from './compute-removal-effects.js';
import type { CreditModel, Credits, NoCredits } from './credits.js';
import { checkJourney, type Journey } from './journey.js';
import { MarkovModel } from './markov-model.js';
import { ShareModel } from './share-model.js';
import type { Shares } from './shares.js';
import { splitCodeOwner } from './split-code-owner.js';
import { splitFirstTouch } from './split-first-touch.js';
import { splitLastTouch } from './split-last-touch.js';
import { splitLinearDistinct } from './split-linear-distinct.js';
import { splitLinear } from './split-linear.js';
import { splitPositionBased } from './split-position-based.js';
import { DEFAULT_HALF_LIFE_DAYS, splitTimeDecay } from './split-time-decay.js';

export const ATTRIBUTION_MODELS = [
  'code_owner',
  'first_touch',
  'last_touch',
  'linear',
  'linear_distinct',
  'position_based',
  'time_decay',
  'markov',
  'shapley',
] as const;
export type AttributionModel = (typeof ATTRIBUTION_MODELS)[number];

type Split = (journey: Journey) => Shares;

/** Shapley values of conversion counts are those of `linear_distinct`, see there. */
const SPLITS = {
  code_owner: splitCodeOwner,
  first_touch: splitFirstTouch,
  last_touch: splitLastTouch,
  linear: splitLinear,
  linear_distinct: splitLinearDistinct,
  position_based: splitPositionBased,
  shapley: splitLinearDistinct,
} as const satisfies Partial<Record<AttributionModel, Split>>;

/** What several models make of the same journeys. */
export interface Comparison {
  /** Journeys that ended in a redemption, and those that did not. */
  readonly conversions: number;
  readonly nulls: number;
  /** Minor units. */
  readonly value: bigint;
  readonly credits: ReadonlyMap<AttributionModel, Credits | NoCredits>;
  /** Of `markov`; absent where it was not asked for or has no credits. */
  readonly removal?: RemovalEffects | undefined;
  /** Of `shapley`, see {@link CoalitionRates}; absent where it was not asked for or there are too many parties. */
  readonly rateEffects?: readonly Ratio[] | undefined;
}

/**
 * Models side by side. Takes one journey after another, in any order, and keeps none: memory grows with the parties, for Markov with
 * their pairs.
 */
export class ModelComparison {
  private conversions = 0;
  private nulls = 0;
  private value = 0n;
  private readonly models: ReadonlyMap<AttributionModel, CreditModel>;
  private readonly distinct: readonly CreditModel[];
  private readonly markov: MarkovModel | undefined;
  private readonly rates: CoalitionRates | undefined;

  constructor(
    models: readonly AttributionModel[],
    private readonly parties: number,
    halfLifeDays = DEFAULT_HALF_LIFE_DAYS,
  ) {
    this.models = buildModels(models, parties, halfLifeDays);
    this.distinct = [...new Set(this.models.values())];
    this.markov = this.distinct.find((model) => model instanceof MarkovModel);
    this.rates = models.includes('shapley') ? new CoalitionRates(parties) : undefined;
  }

  /** Throws RangeError on a journey that cannot be credited, see {@link checkJourney}. */
  take(journey: Journey): void {
    checkJourney(journey, this.parties);
    this.conversions += journey.conversions;
    this.nulls += journey.nulls;
    this.value += journey.value;
    for (const model of this.distinct) model.take(journey);
    this.rates?.take(journey);
  }

  result(): Comparison {
    const { conversions, nulls, value } = this;
    return {
      ...{ conversions, nulls, value },
      credits: new Map([...this.models].map(([name, model]) => [name, model.credits()])),
      removal: this.markov?.removalEffects(),
      rateEffects: this.rates?.effects(),
    };
  }
}

/** Models that split alike are one. */
function buildModels(
  names: readonly AttributionModel[],
  parties: number,
  halfLifeDays: number,
): Map<AttributionModel, CreditModel> {
  const splits = { ...SPLITS, time_decay: splitTimeDecay(halfLifeDays) };
  const bySplit = new Map<Split, ShareModel>();
  const modelOf = (name: AttributionModel): CreditModel => {
    if (name === 'markov') return new MarkovModel(parties);
    const split = splits[name];
    const model = bySplit.get(split) ?? new ShareModel(split, parties);
    bySplit.set(split, model);
    return model;
  };
  return new Map(names.map((name) => [name, modelOf(name)]));
}
