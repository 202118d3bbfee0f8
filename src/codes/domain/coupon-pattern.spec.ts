import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CODE_ALPHABET, hasValidCheck } from './check-character.js';
import { codeKey, isCodeKey } from './code-key.js';
import type { CouponPattern } from './coupon-pattern.js';
import {
  DEFAULT_COUPON_PATTERN,
  codeSpace,
  couponShape,
  drawCoupon,
  isCrowded,
  looksMistyped,
  parseCouponPattern,
  randomBytesPerCoupon,
} from './coupon-pattern.js';

function patternOf(text: string): CouponPattern {
  const pattern = parseCouponPattern(text);
  if ('problem' in pattern) throw new Error(pattern.problem);
  return pattern;
}

function bytes(pattern: CouponPattern, value: bigint): Uint8Array {
  const hex = value.toString(16).padStart(2 * randomBytesPerCoupon(pattern), '0');
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

const anyPattern = fc
  .array(
    fc.constantFrom(
      '#',
      '##',
      '####',
      '-',
      ' ',
      '.',
      'CAFE',
      'é',
      'ß',
      'Й',
      'КОФЕ',
      'قهوه',
      '۲',
      'दिन',
      '\u0301',
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => `A${parts.join('')}#`);

const drawn = anyPattern.chain((text) => {
  const pattern = patternOf(text);
  const length = randomBytesPerCoupon(pattern);
  return fc.uint8Array({ minLength: length, maxLength: length }).map((random) => ({
    pattern,
    coupon: drawCoupon(pattern, random),
  }));
});

describe('parseCouponPattern', () => {
  it('keeps the pattern as printed and its key, and counts the random characters', () => {
    expect(parseCouponPattern(' Cafe-####-## ')).toEqual({
      printed: 'Cafe-####-##',
      key: 'CAFE######',
      randomCharacters: 6,
    });
  });

  it('takes a full-width # for a #', () => {
    expect(patternOf('GYM＃＃').randomCharacters).toBe(2);
  });

  it.each([
    ['without a random character', 'CAFE-2026', /at least one #/],
    ['with other punctuation', 'CAFE!####', /letters, digits, # and separators/],
    ['that starts with a separator, which a spreadsheet takes for a formula', '-CAFE####', /starts with/],
    ['with a bidi control', 'CAFE\u202e####', /invisible/],
    ['with a line break', 'CAFE\n####', /invisible/],
    ['whose key with the check character is longer than 64', '#'.repeat(64), /63 characters/],
    ['with endless separators', `#${'-'.repeat(96)}`, /96 characters/],
  ])('refuses a pattern %s', (_, text, problem) => {
    expect(parseCouponPattern(text)).toEqual({ problem: expect.stringMatching(problem) });
  });

  it('takes a key of 64 characters with the check character', () => {
    expect(patternOf('#'.repeat(63)).randomCharacters).toBe(63);
  });
});

describe('the default pattern', () => {
  it('has at least 50 bits of randomness', () => {
    expect(codeSpace(patternOf(DEFAULT_COUPON_PATTERN)) >= 2n ** 50n).toBe(true);
  });

  it('has room for a batch of a million after a thousand million', () => {
    expect(isCrowded(patternOf(DEFAULT_COUPON_PATTERN), 1_000_000_000n, 1_000_000n)).toBe(false);
  });
});

describe('isCrowded', () => {
  it('counts the random characters only', () => {
    expect(codeSpace(patternOf('CAFE-####'))).toBe(23n ** 4n);
  });

  it('refuses the first coupon that makes a random guess hit more often than once in a million', () => {
    // 23^6 = 148,035,889 codes: 148 live coupons are below one in a million, 149 are above.
    const pattern = patternOf('GYM-######');
    expect(isCrowded(pattern, 0n, 148n)).toBe(false);
    expect(isCrowded(pattern, 0n, 149n)).toBe(true);
    expect(isCrowded(pattern, 148n, 1n)).toBe(true);
  });
});

describe('drawCoupon', () => {
  it('gives a valid coupon whose printed form has its key, for every pattern', () => {
    fc.assert(
      fc.property(drawn, ({ coupon }) => {
        expect(codeKey(coupon.display)).toBe(coupon.key);
        expect(isCodeKey(coupon.key)).toBe(true);
        expect(hasValidCheck(coupon.key)).toBe(true);
      }),
    );
  });

  it('gives a coupon that is a field of a CSV as it stands, and no formula', () => {
    fc.assert(
      fc.property(drawn, ({ coupon }) => {
        expect(coupon.display).toMatch(/^[\p{L}\p{Nd}][^",\r\n]*$/u);
      }),
    );
  });

  it('keeps the fixed part and puts the check character at the end', () => {
    const pattern = patternOf('CAFE-####-####-##');
    const { display } = drawCoupon(pattern, bytes(pattern, 123_456_789_012_345n));
    expect(display).toMatch(
      new RegExp(`^CAFE-[${CODE_ALPHABET}]{4}-[${CODE_ALPHABET}]{4}-[${CODE_ALPHABET}]{3}$`),
    );
  });

  it('reaches every code of the space exactly once before it starts again', () => {
    const pattern = patternOf('GYM-##');
    const space = codeSpace(pattern);
    const keys = new Set<string>();
    for (let value = 0n; value < space; value += 1n) keys.add(drawCoupon(pattern, bytes(pattern, value)).key);
    expect(BigInt(keys.size)).toBe(space);
    expect(drawCoupon(pattern, bytes(pattern, space))).toEqual(drawCoupon(pattern, bytes(pattern, 0n)));
  });

  it('takes so many bytes that no coupon is likelier than another by 2^-32', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 63 }), (length) => {
        const pattern = patternOf('#'.repeat(length));
        expect(2n ** BigInt(8 * randomBytesPerCoupon(pattern)) >= codeSpace(pattern) * 2n ** 32n).toBe(true);
      }),
    );
  });

  it('refuses another number of random bytes than it needs', () => {
    const pattern = patternOf(DEFAULT_COUPON_PATTERN);
    expect(() => drawCoupon(pattern, new Uint8Array(4))).toThrow(RangeError);
  });
});

describe('looksMistyped', () => {
  const cafe = patternOf('CAFE-####-####-##');
  const plain = patternOf(DEFAULT_COUPON_PATTERN);
  const shapes = [couponShape(cafe), couponShape(plain)];
  const cafeKey = drawCoupon(cafe, bytes(cafe, 98_765_432_109_876n)).key;
  const plainKey = drawCoupon(plain, bytes(plain, 98_765_432_109_876n)).key;

  function withWrong(key: string, place: number, wrong: string): string {
    return key.slice(0, place) + wrong + key.slice(place + 1);
  }

  it('survives being stored as JSON', () => {
    expect(JSON.parse(JSON.stringify(couponShape(cafe)))).toEqual({ key: 'CAFE###########' });
  });

  it('never blames a coupon that was typed as printed', () => {
    fc.assert(
      fc.property(drawn, ({ pattern, coupon }) => {
        expect(looksMistyped(coupon.key, [couponShape(pattern)])).toBe(false);
      }),
    );
  });

  it('recognises one wrong character at any random place', () => {
    for (const key of [cafeKey.slice(4), plainKey]) {
      const fixed = key === plainKey ? '' : 'CAFE';
      for (const place of Array.from(key, (_, index) => index)) {
        for (const wrong of CODE_ALPHABET) {
          if (wrong === key[place]) continue;
          expect(looksMistyped(fixed + withWrong(key, place, wrong), shapes)).toBe(true);
        }
      }
    }
  });

  it('takes a character that no coupon has for a typing error when the fixed part shows that it is a coupon', () => {
    for (const wrong of '01ABEGIOQSUVZЖ')
      expect(looksMistyped(withWrong(cafeKey, 8, wrong), shapes)).toBe(true);
  });

  it('does not take a code word for a coupon when there is no fixed part to tell', () => {
    expect(looksMistyped('SUMMERSALE202', shapes)).toBe(false);
    expect(looksMistyped(withWrong(plainKey, 8, 'O'), shapes)).toBe(false);
  });

  it('leaves another fixed part and another length to be unknown codes', () => {
    expect(looksMistyped(withWrong(cafeKey, 0, 'K'), shapes)).toBe(false);
    expect(looksMistyped(withWrong(cafeKey, 8, ''), shapes)).toBe(false);
    expect(looksMistyped('GYM10', shapes)).toBe(false);
  });

  it('knows no mistyped coupon without a shape', () => {
    expect(looksMistyped(withWrong(plainKey, 0, 'X'), [])).toBe(false);
  });
});
