import { CODE_ALPHABET, checkCharacter, hasValidCheck } from './check-character.js';
import { codeKey, isCodeKey } from './code-key.js';

/** In a pattern: a character drawn at random. Anything else is printed as it stands. */
const DRAWN = '#';

/**
 * 12 random characters and the check character, printed as 4-4-5. 23^12 is 54 bits: with a million live coupons and
 * 100 guesses a second that nobody stops, the first hit takes 7 years on average.
 */
export const DEFAULT_COUPON_PATTERN = '####-####-####';

/**
 * The least number of guesses, on average, that finds one live coupon. Whoever guesses knows the pattern and can work
 * out the check character, so only the random characters count: a guess hits with probability
 * (live coupons) / (code space), and the first hit takes (code space) / (live coupons) guesses. A terminal that is cut
 * to 10 failed look-ups a minute needs 69 days for a million.
 */
const GUESSES_PER_HIT = 1_000_000n;

/** A draw takes this many random bits more than the code space has, which keeps its bias below 2^-32. */
const SPARE_BITS = 32;

/** Separators may make the printed coupon longer than its key, but not endless. UTF-16 units. */
const LONGEST_PATTERN = 96;

const SIZE = CODE_ALPHABET.length;

const STARTS_PRINTABLE = /^[\p{L}\p{Nd}#]/u;
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const WIDE_HASHES = /[＃﹟]/gu;

export interface CouponPattern {
  /** As printed, without the check character: `CAFE-####-####-##`. */
  readonly printed: string;
  /** The key of the same: `CAFE##########`. */
  readonly key: string;
  readonly randomCharacters: number;
}

/** What is stored with a coupon batch (plain JSON), so that a mistyped coupon can be told from an unknown code later. */
export interface CouponShape {
  /** The key of every coupon of the batch, with `#` for each random character and for the check character. */
  readonly key: string;
}

export interface DrawnCoupon {
  /** As printed; `codeKey(display)` is the key. */
  readonly display: string;
  readonly key: string;
}

/**
 * Reads a pattern such as `CAFE-####-####-##`: `#` is a random character of {@link CODE_ALPHABET}, the check
 * character is appended to the end. `problem` is a sentence for the person who wrote the pattern.
 */
export function parseCouponPattern(pattern: string): CouponPattern | { problem: string } {
  const printed = pattern.trim().replace(WIDE_HASHES, DRAWN);
  if (printed.length > LONGEST_PATTERN)
    return { problem: `A pattern has at most ${LONGEST_PATTERN} characters.` };
  if (INVISIBLE.test(printed)) return { problem: 'A pattern cannot contain invisible characters.' };
  if (!printed.includes(DRAWN)) return { problem: 'A pattern needs at least one # for a random character.' };
  if (!STARTS_PRINTABLE.test(printed)) return { problem: 'A pattern starts with a letter, a digit or #.' };
  const key = codeKey(printed);
  if (!isCodeKey(fill(key, CODE_ALPHABET.charAt(0).repeat(LONGEST_PATTERN)) + CODE_ALPHABET.charAt(0))) {
    return {
      problem:
        'A pattern holds letters, digits, # and separators only, 63 characters at most without the separators.',
    };
  }
  return { printed, key, randomCharacters: printed.split(DRAWN).length - 1 };
}

/** How many different coupons a pattern can give. The check character follows from the others and adds none. */
export function codeSpace(pattern: CouponPattern): bigint {
  return BigInt(SIZE) ** BigInt(pattern.randomCharacters);
}

/**
 * Whether `quantity` more coupons would leave so few free codes that a random guess hits a live coupon with a
 * probability above 1 in {@link GUESSES_PER_HIT}. The same bound keeps draws apart: a draw repeats a coupon that
 * exists at most once in a million times.
 * @param alreadyIssued live coupons with the same fixed part and length, whichever batch they are from
 */
export function isCrowded(pattern: CouponPattern, alreadyIssued: bigint, quantity: bigint): boolean {
  return (alreadyIssued + quantity) * GUESSES_PER_HIT > codeSpace(pattern);
}

/** How many random bytes {@link drawCoupon} needs. */
export function randomBytesPerCoupon(pattern: CouponPattern): number {
  const bits = Math.ceil(pattern.randomCharacters * Math.log2(SIZE));
  return Math.ceil((bits + SPARE_BITS) / 8);
}

/**
 * One coupon of the pattern. The bytes are read as one number of b bits and reduced modulo the code space N, so the
 * chances of two coupons differ by less than N / 2^b < 2^-32 of either; reducing byte by byte modulo 23 would
 * prefer the first three characters of the alphabet by 9 %.
 * @param random {@link randomBytesPerCoupon} bytes of a cryptographic source, never used before
 * @throws RangeError when there are fewer or more
 */
export function drawCoupon(pattern: CouponPattern, random: Uint8Array): DrawnCoupon {
  const needed = randomBytesPerCoupon(pattern);
  if (random.length !== needed)
    throw new RangeError(`A coupon takes ${needed} random bytes, got ${random.length}.`);
  const drawn = lastDigits(random, pattern.randomCharacters);
  const body = fill(pattern.key, drawn);
  const check = checkCharacter(body);
  return { display: fill(pattern.printed, drawn) + check, key: body + check };
}

/** The shape that every coupon of the pattern has. */
export function couponShape(pattern: CouponPattern): CouponShape {
  return { key: pattern.key + DRAWN };
}

/**
 * Whether a key that no stored code has is a coupon with a typing error: it fits a shape, and its check fails.
 * A fixed part of two or more characters is sign enough of a coupon to count characters no coupon has (an O for a
 * printed 9) as typing errors; without one a key must be in the alphabet, or every code word of that length fits.
 */
export function looksMistyped(key: string, shapes: readonly CouponShape[]): boolean {
  const characters = [...key];
  return shapes.some((shape) => {
    const slots = [...shape.key];
    if (slots.length !== characters.length) return false;
    if (slots.some((slot, place) => slot !== DRAWN && slot !== characters[place])) return false;
    const drawn = characters.filter((_, place) => slots[place] === DRAWN);
    const foreign = drawn.some((character) => !CODE_ALPHABET.includes(character));
    return foreign ? slots.length - drawn.length >= 2 : !hasValidCheck(key);
  });
}

/** Puts `characters` in the place of the `#` of a template, in order. */
function fill(template: string, characters: string): string {
  const filled: string[] = [];
  let next = 0;
  for (const character of template) filled.push(character === DRAWN ? characters.charAt(next++) : character);
  return filled.join('');
}

/**
 * The last `length` digits in base 23 of the number that `bytes` are, the first byte the highest, written in the
 * alphabet: that number modulo 23^length. Long division by hand, for a million coupons would spend 4 s on BigInt.
 */
function lastDigits(bytes: Uint8Array, length: number): string {
  const number = new Uint8Array(bytes);
  let digits = '';
  for (let left = length; left > 0; left -= 1) {
    let remainder = 0;
    for (let place = 0; place < number.length; place += 1) {
      const dividend = remainder * 256 + (number[place] ?? 0);
      remainder = dividend % SIZE;
      number[place] = (dividend - remainder) / SIZE;
    }
    digits = CODE_ALPHABET.charAt(remainder) + digits;
  }
  return digits;
}
