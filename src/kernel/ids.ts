const RANDOM_BYTES = 10;
const MAX_EPOCH_MS = 2 ** 48;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A UUID of version 7 (RFC 9562, 5.7): 48 bits of epoch milliseconds, then 74 random bits. Ids sort by time as text
 * and as `uuid` in PostgreSQL; within one millisecond the order is random.
 * Takes ten random bytes, of which version and variant overwrite six bits; fractions of a millisecond are dropped.
 * Throws RangeError on another number of bytes or an instant before 1970.
 */
export function uuidV7(epochMs: number, random: Uint8Array): string {
  if (random.length !== RANDOM_BYTES) throw new RangeError(`a UUID needs ${RANDOM_BYTES} random bytes`);
  if (!(epochMs >= 0 && epochMs < MAX_EPOCH_MS)) throw new RangeError('the instant does not fit into a UUID');
  const time = Math.floor(epochMs).toString(16).padStart(12, '0');
  const version = HEX[0x70 | ((random[0] ?? 0) & 0x0f)] ?? '';
  const variant = HEX[0x80 | ((random[2] ?? 0) & 0x3f)] ?? '';
  // Joined, not added up: a string that was added up keeps its parts, and takes seven times the memory.
  const third = version + hex(random, 1, 2);
  const fourth = variant + hex(random, 3, 4);
  return [time.slice(0, 8), time.slice(8), third, fourth, hex(random, 4, 10)].join('-');
}

function hex(bytes: Uint8Array, from: number, until: number): string {
  let digits = '';
  for (let place = from; place < until; place += 1) digits += HEX[bytes[place] ?? 0];
  return digits;
}
