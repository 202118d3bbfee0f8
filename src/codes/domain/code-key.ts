/**
 * The one form under which codes are stored, compared and clash. It is never shown: КАФЕ becomes a mix of alphabets.
 *
 * A customer reads a code word off a flyer, says it on the phone or copies it from a messenger; the clerk types it
 * on whatever keyboard is switched on. What they see is the same word, so the key must be the same.
 *
 * Two things are left apart on purpose. `0`/`O` and `1`/`I`/`L`: folding them would make real words clash
 * (FLAT10 and FIAT10, H2O and H20); generated coupons avoid those characters instead. And letters that one
 * alphabet tells apart (Й and И, Ў and У, Ї and І): folding them would merge different words of a language.
 */

/** The longest key, in Unicode characters. */
const LONGEST_KEY = 64;

/** Nobody types more than this for one code: each character astral, with a separator and a mark. UTF-16 units. */
const LONGEST_TYPED = 4 * LONGEST_KEY;

/**
 * Separators (space, dash, underscore, dot, apostrophe), what a scanner adds (control characters), what cannot be
 * seen (zero-width, bidi controls, variation selectors) and the Arabic tatweel, which only stretches a word.
 */
const SEPARATORS =
  /[\p{Z}\p{Cc}\p{Default_Ignorable_Code_Point}\p{Pd}\u2212\u2043\u02D7\p{Pc}.\u00B7\u2022\u2027\u2219\u22C5\u3002\u30FB\u06D4'`\u2018\u2019\u201B\u02B9\u02BB\u02BC\u05F3\u2032\u0640]/gu;

/** Letters whose accent may be left out in writing. Cyrillic: Ё and the stress-marked Ѐ, Ѝ; Arabic: alef only. */
const MAY_LOSE_ACCENT = /[\p{Script=Latin}\p{Script=Greek}ЁёЀѐЍѝآأإ]/gu;

/**
 * Combining accents, stress marks, Arabic harakat, Hebrew niqqud. Applied to composed text, so Й and が are whole by
 * then. Marks of other scripts (Devanagari vowel signs, Thai tones) stay: the words are different without them.
 */
const OPTIONAL_MARKS =
  /(?=\p{M})[\p{Script=Inherited}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}]/gu;

/**
 * Capital letters that count as another letter. The Cyrillic and Greek ones look the same as a Latin one; no two of
 * one alphabet meet there, so no two words of a language clash by it. That is why Cyrillic Ү (a letter of its own
 * beside У) and Ҫ (beside С) are missing.
 */
const SAME_LETTER = new Map<string, string>([
  ...pair('АВЕКМНОРСТУХІЈЅԚԜӀѴӘ', 'ABEKMHOPCTYXIJSQWIVƏ'),
  ...pair('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϜͿ', 'ABEZHIKMNOPTYXFJ'),
  // A stroke is an accent that Unicode does not decompose; Ð, Đ and Ɖ are drawn alike.
  ...pair('ĐÐƉŁØĦŦ', 'DDDLOHT'),
  ['Æ', 'AE'],
  ['Ӕ', 'AE'],
  ['Œ', 'OE'],
  // Persian and Arabic keyboards send different letters for the same ya and kaf; alef wasla is an alef.
  ...pair('یىکڪٱ', 'ييككا'),
]);

/** What nearly everybody types. None of the steps of {@link foldTyped} but the upper case and these separators changes it. */
const PLAIN = /^[A-Za-z0-9 \-_.'`]*$/;
const PLAIN_SEPARATORS = /[ \-_.'`]/g;
const PLAIN_KEY = new RegExp(`^[A-Z0-9]{1,${LONGEST_KEY}}$`);

const NOT_ASCII = /\P{ASCII}/gu;
const DECIMAL_DIGIT = /^\p{Nd}$/u;
const LETTERS_AND_DIGITS = /^(?:\p{L}\p{M}*|\p{Nd})+$/u;

/**
 * The key of whatever was typed: compatibility forms resolved (NFKC), upper case, no separators, no optional accents,
 * ASCII digits, Latin letters for Cyrillic and Greek ones that look the same.
 * `codeKey(codeKey(x)) = codeKey(x)`. Never fails; see {@link parseCodeKey} for what is usable.
 */
export function codeKey(typed: string): string {
  return PLAIN.test(typed) ? typed.replace(PLAIN_SEPARATORS, '').toUpperCase() : foldTyped(typed);
}

function foldTyped(typed: string): string {
  return (
    typed
      // Half a surrogate pair is no character, and two halves must not become one when what is between them goes.
      .replace(/\p{Surrogate}/gu, '\uFFFD')
      .normalize('NFKD')
      .replace(SEPARATORS, '')
      .normalize('NFC')
      .replace(MAY_LOSE_ACCENT, (letter) => letter.normalize('NFD'))
      .replace(OPTIONAL_MARKS, '')
      // Lower case first: only so do ß and ẞ both become SS.
      .toLowerCase()
      .toUpperCase()
      .replace(NOT_ASCII, sameCharacter)
      .normalize('NFC')
  );
}

/** Whether `key` is a key as {@link parseCodeKey} gives it: canonical, 1 to 64 characters, letters and digits only. */
export function isCodeKey(key: string): boolean {
  return isUsable(key) && codeKey(key) === key;
}

/** The key of a typed code; null when nothing usable is left, when something else than a code is in it or it is too long. */
export function parseCodeKey(typed: string): string | null {
  if (typed.length > LONGEST_TYPED) return null;
  const key = codeKey(typed);
  return isUsable(key) ? key : null;
}

function isUsable(key: string): boolean {
  return PLAIN_KEY.test(key) || (LETTERS_AND_DIGITS.test(key) && [...key].length <= LONGEST_KEY);
}

function sameCharacter(character: string): string {
  return SAME_LETTER.get(character) ?? (DECIMAL_DIGIT.test(character) ? asciiDigit(character) : character);
}

/** Unicode keeps the decimal digits of a script in one run from 0 to 9 (The Unicode Standard, 4.6), so a digit's place is its value. */
function asciiDigit(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  let runStart = point;
  while (DECIMAL_DIGIT.test(String.fromCodePoint(runStart - 1))) runStart -= 1;
  return String((point - runStart) % 10);
}

function pair(from: string, to: string): [string, string][] {
  const targets = [...to];
  return [...from].map((letter, place) => [letter, targets[place] ?? letter]);
}
