/** A code word that may be named to a clerk who mistyped it. */
export interface NamableWord {
  readonly codeKey: string;
  /** As it was created: "GYM10". */
  readonly word: string;
}

/**
 * Of a word of three characters any other word of three characters is likely to be one edit away: some 200 guesses would
 * find all of them.
 */
const SHORTEST_NAMED = 4;

/**
 * The word that a key was probably meant to be: the only one that is one edit away. Undefined when there is none, and
 * when there are two, because a clerk who reads out two words lets the customer choose between two discounts.
 * `codeKey` is canonical (see `parseCodeKey`).
 */
export function findNearMiss(codeKey: string, words: readonly NamableWord[]): string | undefined {
  let found: string | undefined;
  for (const word of words) {
    if (!isOneEditApart(codeKey, word.codeKey) || isShort(word.codeKey)) continue;
    if (found !== undefined) return undefined;
    found = word.word;
  }
  return found;
}

/**
 * Whether two texts differ by one edit: a character inserted, left out or replaced, or two neighbours swapped (the
 * restricted edit distance of Damerau is 1). Characters are Unicode ones. Symmetric; false for equal texts.
 */
export function isOneEditApart(one: string, other: string): boolean {
  const start = commonStart(one, other);
  const end = commonEnd(one, other, start);
  const [rest, otherRest] = [one.length - start - end, other.length - start - end];
  // Two characters are at most four UTF-16 units: most pairs end here, before anything is copied.
  if (rest > 4 || otherRest > 4) return false;
  const left = [...one.slice(start, start + rest)];
  const right = [...other.slice(start, start + otherRest)];
  const longer = left.length > right.length ? left.length : right.length;
  if (longer < 2) return longer === 1;
  return longer === 2 && left.length === right.length && left[0] === right[1] && left[1] === right[0];
}

/** UTF-16 units, never half a surrogate pair. */
function commonStart(one: string, other: string): number {
  let start = 0;
  while (start < one.length && start < other.length && one.charCodeAt(start) === other.charCodeAt(start))
    start += 1;
  return start > 0 && isHigh(one.charCodeAt(start - 1)) ? start - 1 : start;
}

/** The same from the end, not reaching into the common start. */
function commonEnd(one: string, other: string, start: number): number {
  const shorter = one.length < other.length ? one.length : other.length;
  let end = 0;
  while (
    end < shorter - start &&
    one.charCodeAt(one.length - 1 - end) === other.charCodeAt(other.length - 1 - end)
  )
    end += 1;
  return end > 0 && isLow(one.charCodeAt(one.length - end)) ? end - 1 : end;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

function isShort(codeKey: string): boolean {
  return codeKey.length < 2 * SHORTEST_NAMED && [...codeKey].length < SHORTEST_NAMED;
}
