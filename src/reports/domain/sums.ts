export function sum<T>(items: readonly T[], value: (item: T) => bigint): bigint {
  return items.reduce((total, item) => total + value(item), 0n);
}

/** Items by key, in the order in which they came. */
export function bucket<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const buckets = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const held = buckets.get(key);
    if (held) held.push(item);
    else buckets.set(key, [item]);
  }
  return buckets;
}
