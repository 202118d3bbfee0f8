import type { Journey } from './journey.js';
import type { Shares } from './shares.js';

/** One week, as in the TIME_DECAY model of the Google Ads API. */
export const DEFAULT_HALF_LIFE_DAYS = 7;

const DAY_MS = 86_400_000;

// Powers of two are irrational, and ECMAScript leaves the last bits of `2 ** x` to the engine. So weights are rounded to 2^-40
// (a millionth of a millionth) before anything is added up: what follows is whole numbers below 2^53 and the same everywhere.
const WHOLE = 2 ** 40;

/**
 * `time_decay`: weights 2^(-days before the redemption / half-life), in proportion. At 0, 7, 14 and 28 days with a half-life of 7
 * days: 1, 0.5, 0.25, 0.0625, which is 55.17, 27.59, 13.79 and 3.45 %.
 *
 * Shares are in 2^-40, rounded down; what is left over, less than one such part a touch, goes to the latest touch. Only ages
 * relative to the latest touch matter, so a journey that is long past weighs the same. More than 40 half-lives behind it a touch
 * gets nothing. Throws RangeError on a half-life that is not positive.
 */
export function splitTimeDecay(halfLifeDays: number = DEFAULT_HALF_LIFE_DAYS): (journey: Journey) => Shares {
  if (!(halfLifeDays > 0)) throw new RangeError('a half-life is longer than nothing');
  const halfLife = halfLifeDays * DAY_MS;
  return ({ parties, ages }) => {
    const latest = ages.at(-1) ?? 0;
    const weights = ages.map((age) => Math.round(WHOLE * 2 ** ((latest - age) / halfLife)));
    const sum = weights.reduce((a, b) => a + b, 0);
    const shares = weights.map((weight) => Math.floor((weight / sum) * WHOLE));
    const given = shares.reduce((a, b) => a + b, 0);
    shares[shares.length - 1] = (shares.at(-1) ?? 0) + WHOLE - given;
    return { denominator: WHOLE, parties, shares };
  };
}
