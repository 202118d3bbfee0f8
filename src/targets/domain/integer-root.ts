/** The smallest whole number whose square is at least `n`, exact for any size. Throws RangeError on a negative number. */
export function ceilRoot(n: bigint): bigint {
  if (n < 0n) throw new RangeError('a negative number has no root');
  if (n < 2n) return n;
  // Newton's method from above, in whole numbers: it falls until it meets the largest whole number whose square is at most n.
  let root = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (let next = (root + n / root) >> 1n; next < root; next = (root + n / root) >> 1n) root = next;
  return root * root === n ? root : root + 1n;
}
