import { multiplyRatio, type Ratio, ratio, roundRatio } from '../../kernel/ratio.js';

/**
 * An amount in minor units of another currency, rounded half-even to a whole one. `perMinor` is what one minor unit is in minor units
 * of the other. Signs mirror: what a reversal takes back is what was given. There and back again is not promised to be the same.
 * The function `convert_minor` of the database does the same; a property test compares them.
 */
export function convertMinor(amount: bigint, perMinor: Ratio): bigint {
  return roundRatio(multiplyRatio(ratio(amount, 1n), perMinor));
}
