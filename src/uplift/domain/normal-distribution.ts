import { findRoot } from './find-root.js';

const ROOT_OF_TWO_PI = Math.sqrt(2 * Math.PI);

// Hart's rational approximation, algorithm 5666, as given by G. West, "Better approximations to cumulative normal
// functions" (2005): 15 digits for |x| < 7.07, a continued fraction beyond.
const NUMERATOR = [
  3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
  221.213596169931, 220.206867912376,
];
const DENOMINATOR = [
  8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674,
  637.333633378831, 793.826512519948, 440.413735824752,
];
const TAIL = 7.07106781186547;

/** P(Z <= x) of a standard normal Z, to 15 digits; the far left tail keeps its relative accuracy. */
export function normalCdf(x: number): number {
  const upper = upperTail(Math.abs(x));
  return x > 0 ? 1 - upper : upper;
}

export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / ROOT_OF_TWO_PI;
}

/** The x with P(Z <= x) = p, for 0 < p < 1 away from the ends (|x| < 37). */
export function normalQuantile(p: number): number {
  return findRoot({ value: (x) => normalCdf(x) - p, slope: normalDensity }, [-37, 37]);
}

/** P(Z > x) for x >= 0. */
function upperTail(x: number): number {
  const exponential = Math.exp((-x * x) / 2);
  if (x < TAIL) return (exponential * polynomial(NUMERATOR, x)) / polynomial(DENOMINATOR, x);
  const fraction = [4, 3, 2, 1].reduce((below, above) => x + above / below, x + 0.65);
  return exponential / fraction / ROOT_OF_TWO_PI;
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let index = 0; index < coefficients.length; index++) sum = sum * x + coefficients[index]!;
  return sum;
}
