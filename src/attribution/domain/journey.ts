/**
 * What happened before one redemption, or before none: the touches of a customer in the order of time.
 *
 * Parties (placements, channels or partners, whatever credit is asked for) are small whole numbers from 0. Whoever numbers them
 * does so by something that stays, such as their ids: cents left over go to the lower number where all else is equal.
 */
export interface Journey {
  /** The party of each touch, first touch first. At least one: a code proves a contact with the placement it comes from. */
  readonly parties: readonly number[];
  /** How long before the redemption each touch was, in milliseconds, beside `parties`. */
  readonly ages: readonly number[];
  /** The party whose placement the redeemed code comes from. Undefined where nothing was redeemed. */
  readonly codeOwner: number | undefined;
  /** How many redemptions went this way: 1, or more for journeys that are alike, or 0. */
  readonly conversions: number;
  /** How many customers went this way and redeemed nothing after it. */
  readonly nulls: number;
  /** What the redemptions brought together, in minor units. Negative where more was given back than paid. */
  readonly value: bigint;
}

/** Throws RangeError on a journey that no model can credit: without touches, of unknown parties, with a value that nobody brought. */
export function checkJourney(journey: Journey, known: number): void {
  const { parties, ages, codeOwner, conversions, nulls, value } = journey;
  if (parties.length === 0) throw new RangeError('a journey has at least one touch');
  if (ages.length !== parties.length) throw new RangeError('every touch has an age');
  if (!parties.every((party) => isKnown(party, known))) throw new RangeError('a touch is of no known party');
  if (conversions < 0 || nulls < 0) throw new RangeError('journeys are counted from 0');
  if (conversions === 0 && value !== 0n) throw new RangeError('without a redemption there is no value');
  if (conversions > 0 && !isKnown(codeOwner, known))
    throw new RangeError('a redeemed code comes from somebody');
}

function isKnown(party: number | undefined, known: number): boolean {
  return party !== undefined && party >= 0 && party < known;
}
