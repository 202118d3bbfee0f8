import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CODE_ALPHABET, checkCharacter, hasValidCheck } from './check-character.js';
import { codeKey } from './code-key.js';

const LOOK_ALIKES = ['0ODQ', '1IL', '2Z', '5S', '6G', '8B', 'UVY'];

const character = fc.constantFrom(...CODE_ALPHABET);
const body = fc.string({ unit: character, minLength: 1, maxLength: 40 });
const code = body.map((characters) => characters + checkCharacter(characters));

function replaceAt(text: string, place: number, replacement: string): string {
  return text.slice(0, place) + replacement + text.slice(place + 1);
}

function swap(text: string, one: number, other: number): string {
  return replaceAt(replaceAt(text, one, text.charAt(other)), other, text.charAt(one));
}

describe('CODE_ALPHABET', () => {
  it('has no two characters that look alike', () => {
    for (const group of LOOK_ALIKES) {
      expect([...group].filter((one) => CODE_ALPHABET.includes(one)).length).toBeLessThanOrEqual(1);
    }
    expect(new Set(CODE_ALPHABET).size).toBe(CODE_ALPHABET.length);
  });

  it('has no vowels to form words with', () => {
    expect(CODE_ALPHABET).not.toMatch(/[AEIOU]/);
  });

  it('is its own key, so that a drawn coupon is stored as it is printed', () => {
    expect(codeKey(CODE_ALPHABET)).toBe(CODE_ALPHABET);
  });

  it('has a prime size', () => {
    const divisors = [...CODE_ALPHABET].map((_, value) => value).filter((value) => value > 1);
    expect(divisors.filter((divisor) => CODE_ALPHABET.length % divisor === 0)).toEqual([]);
  });
});

describe('the check character', () => {
  it('is in the alphabet and makes the code valid, whatever the body', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (characters) => {
        expect(CODE_ALPHABET).toContain(checkCharacter(characters));
        expect(hasValidCheck(characters + checkCharacter(characters))).toBe(true);
      }),
    );
  });

  it('stays as it is: printed coupons depend on it', () => {
    expect(checkCharacter('CAFE7KRT9XWM3P')).toBe('4');
    expect(checkCharacter('23456789CDFHJKLMNPRTWXY')).toBe('N');
  });

  it('catches every single wrong character', () => {
    fc.assert(
      fc.property(code, (valid) => {
        for (const place of Array.from(valid, (_, index) => index)) {
          for (const wrong of CODE_ALPHABET) {
            if (wrong !== valid[place]) expect(hasValidCheck(replaceAt(valid, place, wrong))).toBe(false);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it('catches every swap of two different characters less than 22 places apart', () => {
    fc.assert(
      fc.property(code, fc.nat(), fc.integer({ min: 1, max: 21 }), (valid, start, distance) => {
        const one = start % valid.length;
        const other = one + distance;
        fc.pre(other < valid.length && valid[one] !== valid[other]);
        expect(hasValidCheck(swap(valid, one, other))).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('catches a doubled character typed as another doubled one, side by side or around a third', () => {
    fc.assert(
      fc.property(body, character, character, character, body, (before, twin, wrong, middle, after) => {
        fc.pre(twin !== wrong);
        for (const between of ['', middle]) {
          const printed = before + twin + between + twin + after;
          const typed = before + wrong + between + wrong + after;
          expect(hasValidCheck(typed + checkCharacter(printed))).toBe(false);
        }
      }),
    );
  });

  it('catches a look-alike typed for a character of the alphabet', () => {
    for (const group of LOOK_ALIKES) {
      for (const printed of [...group].filter((one) => CODE_ALPHABET.includes(one))) {
        for (const typed of [...group].filter((one) => one !== printed)) {
          expect(hasValidCheck(`7K${typed}W${checkCharacter(`7K${printed}W`)}`)).toBe(false);
          expect(hasValidCheck(`7KW${typed}`)).toBe(false);
        }
      }
    }
  });

  it('is never a character outside the alphabet, even one that counts the same', () => {
    for (const last of 'ABEGIOQSUVZ01Ж') {
      for (const first of CODE_ALPHABET) expect(hasValidCheck(first + last)).toBe(false);
    }
  });

  it('does not make a code of a single character or of none', () => {
    expect(hasValidCheck('')).toBe(false);
    expect(hasValidCheck(CODE_ALPHABET.charAt(0))).toBe(false);
  });
});
