import { invalidRequest } from '../../kernel/errors.js';

/** A request nests money in receipt in item in list: deeper than this is an attack on the parser, not a request. */
const MAX_DEPTH = 16;

/**
 * Parses a JSON request body strictly. JSON.parse lets the last of two equal keys win, so that two readers of one body could
 * see two amounts; here a repeated key, `__proto__` and absurd nesting are errors. Throws TandemError 400.
 */
export function parseJsonBody(source: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    throw invalid('The body is not valid JSON.');
  }
  if (countKeys(value, 0) !== countColons(source))
    throw invalid('The body has the same key twice in one object.');
  return value;
}

const [QUOTE, COLON, BACKSLASH] = [0x22, 0x3a, 0x5c];

/** Colons outside strings: every key-value pair of a valid JSON text has exactly one. */
function countColons(source: string): number {
  let colons = 0;
  for (let index = 0; index < source.length; index += 1) {
    const char = source.charCodeAt(index);
    if (char === COLON) colons += 1;
    else if (char === QUOTE) index = endOfString(source, index);
  }
  return colons;
}

/** The place of the quote that closes the string opened at `start`. */
function endOfString(source: string, start: number): number {
  let index = start + 1;
  while (source.charCodeAt(index) !== QUOTE) index += source.charCodeAt(index) === BACKSLASH ? 2 : 1;
  return index;
}

function countKeys(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > MAX_DEPTH) throw invalid('The body is nested too deeply.');
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countKeys(item, depth + 1), 0);
  if (Object.hasOwn(value, '__proto__')) throw invalid('The body has a key that is not allowed.');
  return Object.values(value).reduce((sum: number, item) => sum + 1 + countKeys(item, depth + 1), 0);
}

function invalid(detail: string): Error {
  return invalidRequest([{ pointer: '', detail }]);
}
