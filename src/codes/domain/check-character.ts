/**
 * The characters of generated coupons. Of the 36 letters and digits, one stays of each group that looks alike in
 * print (0 O D Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V Y), the digit where it can, and the vowels A and E go, so that
 * hardly a rude word comes up by chance. That leaves 23, and a prime is what the check character needs.
 */
export const CODE_ALPHABET = '23456789CDFHJKLMNPRTWXY';

const SIZE = CODE_ALPHABET.length;

/**
 * The check character shows whether the characters before it were typed as printed.
 * Position k from the end weighs 5^k mod 23. 5 generates all 22 non-zero residues, so no weight is 0 and the weights
 * of two positions differ unless they are a multiple of 22 apart. Modulo a prime, then:
 * a substitution adds w·(a − b) ≠ 0; a swap adds (w − v)·(a − b) ≠ 0 for positions 1 to 21 apart; and because
 * 1 + 5 and 1 + 25 are not 0 either, `aa` typed as `bb` and `axa` as `bxb` are caught too, which counting
 * weights 1, 2, 3 … would miss in places.
 */
const GENERATOR = 5;

const VALUES = new Map([...CODE_ALPHABET].map((character, value) => [character, value]));

/**
 * The check character of a canonical key that lacks only its check character.
 * Fixed parts may hold characters outside the alphabet (the A of CAFE); they count by their code point mod 23.
 */
export function checkCharacter(body: string): string {
  const sum = weightedSum(body);
  return CODE_ALPHABET.charAt((SIZE - ((sum * GENERATOR) % SIZE)) % SIZE);
}

/**
 * Whether the last character of a canonical key is the check character of those before it. Between keys written in
 * {@link CODE_ALPHABET} of which one is valid, every single wrong character and every swap of two different
 * characters less than 22 places apart gives false; any other damage passes once in 23 times.
 */
export function hasValidCheck(code: string): boolean {
  return code.length > 1 && CODE_ALPHABET.includes(code.slice(-1)) && weightedSum(code) === 0;
}

function weightedSum(characters: string): number {
  let sum = 0;
  for (const character of characters) sum = (sum * GENERATOR + valueOf(character)) % SIZE;
  return sum;
}

function valueOf(character: string): number {
  return VALUES.get(character) ?? (character.codePointAt(0) ?? 0) % SIZE;
}
