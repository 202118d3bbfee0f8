/** An exact fraction, reduced, the sign in the numerator: equal values have equal fields. Build it with `ratio`. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const DECIMAL = /^(-?)([0-9]+)(?:\.([0-9]+))?$/;

/** The fraction n/d in lowest terms. Throws RangeError on d = 0; a metric checks for that first and says why. */
export function ratio(n: bigint, d: bigint): Ratio {
  if (d === 0n) throw new RangeError('a ratio cannot have a denominator of zero');
  const divisor = greatestCommonDivisor(absolute(n), absolute(d));
  const scale = d < 0n ? -divisor : divisor;
  return { numerator: n / scale, denominator: d / scale };
}

/** Reads a plain decimal exactly: "0.20" is 1/5. Throws RangeError on anything else, exponents included. */
export function parseRatio(decimal: string): Ratio {
  const [, sign = '', whole, fraction = ''] = DECIMAL.exec(decimal) ?? [];
  if (whole === undefined) throw new RangeError(`"${decimal}" is not a plain decimal`);
  return ratio(BigInt(`${sign}${whole}${fraction}`), 10n ** BigInt(fraction.length));
}

export function addRatio(a: Ratio, b: Ratio): Ratio {
  return ratio(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

export function subtractRatio(a: Ratio, b: Ratio): Ratio {
  return ratio(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator);
}

export function multiplyRatio(a: Ratio, b: Ratio): Ratio {
  return ratio(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** Throws RangeError when b is zero. */
export function divideRatio(a: Ratio, b: Ratio): Ratio {
  return ratio(a.numerator * b.denominator, a.denominator * b.numerator);
}

/** -1, 0 or 1, usable in `sort`. */
export function compareRatio(a: Ratio, b: Ratio): -1 | 0 | 1 {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

/** Exactly `decimals` places, half-even: 1/8 to two is "0.12", 3/8 is "0.38". Never "-0.00". */
export function formatRatio(r: Ratio, decimals: number): string {
  const scaled = roundHalfEven(r.numerator * 10n ** BigInt(decimals), r.denominator);
  const text = absolute(scaled)
    .toString()
    .padStart(decimals + 1, '0');
  const sign = scaled < 0n ? '-' : '';
  if (decimals === 0) return sign + text;
  return `${sign}${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}

/** The nearest integer, a half to the even neighbour (IEEE 754 roundTiesToEven), so rounding has no drift. */
export function roundRatio(r: Ratio): bigint {
  return roundHalfEven(r.numerator, r.denominator);
}

function roundHalfEven(numerator: bigint, denominator: bigint): bigint {
  const magnitude = absolute(numerator);
  const floor = magnitude / denominator;
  const twiceRest = 2n * (magnitude % denominator);
  const isUp = twiceRest > denominator || (twiceRest === denominator && floor % 2n === 1n);
  const rounded = isUp ? floor + 1n : floor;
  return numerator < 0n ? -rounded : rounded;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

function absolute(n: bigint): bigint {
  return n < 0n ? -n : n;
}
