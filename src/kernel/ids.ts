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
  let id = `${time.slice(0, 8)}-${time.slice(8)}-`;
  for (let index = 0; index < RANDOM_BYTES; index += 1) {
    if (index === 2 || index === 4) id += '-';
    id += HEX[stamp(random[index] as number, index)];
  }
  return id;
}

function stamp(byte: number, index: number): number {
  if (index === 0) return 0x70 | (byte & 0x0f); // version 7
  if (index === 2) return 0x80 | (byte & 0x3f); // variant 10
  return byte;
}
