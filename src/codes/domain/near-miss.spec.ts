import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseCodeKey } from './code-key.js';
import { findNearMiss, isOneEditApart } from './near-miss.js';

/** Few letters, so that equal runs and swaps of equal neighbours come up; two of them outside the basic plane. */
const text = fc.array(fc.constantFrom('A', 'B', '1', 'Ж', '𐐀', '𐐁'), { maxLength: 8 });
const letter = fc.constantFrom('A', 'B', '1', 'Ж', '𐐀', '𐐁', 'Z');

/** The definition, word for word: restricted Damerau distance by its recurrence. */
function distance(one: readonly string[], other: readonly string[]): number {
  const table = Array.from({ length: one.length + 1 }, () => Array<number>(other.length + 1).fill(0));
  for (let i = 0; i <= one.length; i += 1) {
    for (let j = 0; j <= other.length; j += 1) {
      const at = (a: number, b: number): number => table[a]![b]!;
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      table[i]![j] =
        i === 0 || j === 0
          ? i + j
          : Math.min(
              at(i - 1, j) + 1,
              at(i, j - 1) + 1,
              at(i - 1, j - 1) + (one[i - 1] === other[j - 1] ? 0 : 1),
              isSwap ? at(i - 2, j - 2) + 1 : Infinity,
            );
    }
  }
  return table[one.length]![other.length]!;
}

describe('isOneEditApart', () => {
  it.each([
    ['a character left out', 'GYM1', true],
    ['a character left out in front', 'YM10', true],
    ['a character too many', 'GYMM10', true],
    ['another character', 'GIM10', true],
    ['the last character', 'GYM1O', true],
    ['two neighbours swapped', 'GYM01', true],
    ['nothing', 'GYM10', false],
    ['two other characters', 'GIM1O', false],
    ['two characters swapped across another', 'MYG10', false],
    ['two characters left out', 'GYM', false],
    ['a swap and another character', 'YGM11', false],
  ])('GYM10 and a text that differs by %s', (_, typed, isApart) => {
    expect(isOneEditApart('GYM10', typed)).toBe(isApart);
  });

  it('is what the distance of Damerau calls 1, both ways round', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const expected = distance(one, other) === 1;
        expect(isOneEditApart(one.join(''), other.join(''))).toBe(expected);
        expect(isOneEditApart(other.join(''), one.join(''))).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds every single edit of every text', () => {
    fc.assert(
      fc.property(text, letter, letter, text, (head, one, other, tail) => {
        const around = (...middle: string[]): string => [...head, ...middle, ...tail].join('');
        expect(isOneEditApart(around(), around(one))).toBe(true);
        expect(isOneEditApart(around(one), around(other))).toBe(one !== other);
        expect(isOneEditApart(around(one, other), around(other, one))).toBe(one !== other);
      }),
    );
  });
});

describe('findNearMiss', () => {
  const words = (...named: string[]) => named.map((word) => ({ word, codeKey: parseCodeKey(word) ?? '' }));

  it('names the word as it was created', () => {
    expect(findNearMiss('GIM10', words('Gym-10', 'CAFE5'))).toBe('Gym-10');
  });

  it('names nothing when two words are equally near: the customer must not be offered a choice', () => {
    expect(findNearMiss('GYM30', words('GYM10', 'GYM20'))).toBeUndefined();
  });

  it('names nothing when no word is near', () => {
    expect(findNearMiss('SUMMER', words('GYM10', 'CAFE5'))).toBeUndefined();
  });

  it('does not name a word of three characters, which guessing would find too easily', () => {
    expect(findNearMiss('GIM', words('GYM'))).toBeUndefined();
    expect(findNearMiss('GYMX', words('GYM'))).toBeUndefined();
    expect(findNearMiss('𐐀𐐀𐐁', words('𐐀𐐀𐐀'))).toBeUndefined();
    expect(findNearMiss('GYM', words('GYM1'))).toBe('GYM1');
  });

  it('names only a word that is one edit away, and that only when it is alone', () => {
    const key = fc.string({ unit: fc.constantFrom(...'ABC1'), minLength: 4, maxLength: 6 });
    fc.assert(
      fc.property(key, fc.uniqueArray(key, { maxLength: 30 }), (typed, keys) => {
        const near = keys.filter((one) => isOneEditApart(typed, one));
        const named = findNearMiss(typed, words(...keys));
        expect(named).toBe(near.length === 1 ? near[0] : undefined);
      }),
    );
  });
});
