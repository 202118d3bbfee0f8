import type { Journey } from './journey.js';

/** Parts of one conversion that credits are told in: with six decimals they still add up exactly. */
export const CONVERSION_PARTS = 1_000_000n;

/** What a model gives to each party, by its number. */
export interface Credits {
  /** Minor units. They add up to the value of all journeys. */
  readonly amounts: readonly bigint[];
  /** Millionths of a conversion. They add up to the conversions of all journeys. */
  readonly conversions: readonly bigint[];
}

/** Why a model has nothing to say: its time grows with the third power of the parties, and there are too many. */
export interface NoCredits {
  readonly undefined: 'too-many-parties';
}

/** A model that takes one journey after another, in any order, and keeps none. */
export interface CreditModel {
  take(journey: Journey): void;
  credits(): Credits | NoCredits;
}
