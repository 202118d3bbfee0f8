/**
 * Splits an amount of minor units by weights without losing or inventing a cent.
 *
 * Largest remainder method (Hamilton): everyone gets the rounded-down share, the cents left over go one by one to the
 * largest remainders, ties to the lower index. Negative totals mirror: `allocate(-t, w)` is `-allocate(t, w)`, so a
 * reversal takes back exactly what was given.
 *
 * The parts stand in the order of the weights and add up to `total`; a weight of zero gets nothing.
 * Throws RangeError on a negative weight, or when there is something to split and nobody to take it.
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.some((weight) => weight < 0n)) throw new RangeError('a weight cannot be negative');
  if (total === 0n) return weights.map(() => 0n);
  if (total < 0n) return allocate(-total, weights).map((part) => -part);
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n) throw new RangeError('an amount needs at least one positive weight to be split');
  const parts = weights.map((weight) => (total * weight) / sum);
  let left = total - parts.reduce((a, b) => a + b, 0n);
  // Fewer cents are left over than there are non-zero remainders, so a weight of zero is never reached.
  for (const index of byRemainder(total, weights, sum)) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts;
}

/** The indices of the weights, largest remainder first, ties by index. */
function byRemainder(total: bigint, weights: readonly bigint[], sum: bigint): number[] {
  return weights
    .map((weight, index) => ({ index, remainder: (total * weight) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
    .map(({ index }) => index);
}
