import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { uuidV7 } from './ids.js';

const instant = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const random = fc.uint8Array({ minLength: 10, maxLength: 10 });

describe('uuidV7', () => {
  it('the example of RFC 9562 comes out as printed there', () => {
    // Appendix A.6: unix_ts_ms 0x017F22E279B0, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F
    const bytes = Uint8Array.of(0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f);
    expect(uuidV7(0x017f22e279b0, bytes)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('version and variant are set whatever the random bytes are', () => {
    fc.assert(
      fc.property(instant, random, (ms, bytes) => {
        expect(uuidV7(ms, bytes)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });

  it('a later id sorts behind an earlier one', () => {
    fc.assert(
      fc.property(instant, instant, random, random, (a, b, first, second) => {
        fc.pre(a !== b);
        expect(uuidV7(a, first) < uuidV7(b, second)).toBe(a < b);
      }),
    );
  });

  it('the instant can be read back', () => {
    fc.assert(
      fc.property(instant, random, (ms, bytes) => {
        expect(parseInt(uuidV7(ms, bytes).replace('-', '').slice(0, 12), 16)).toBe(ms);
      }),
    );
  });

  it('74 of the random bits are kept', () => {
    const none = uuidV7(0, new Uint8Array(10).fill(0x00));
    const all = uuidV7(0, new Uint8Array(10).fill(0xff));
    expect(none).toBe('00000000-0000-7000-8000-000000000000');
    expect(all).toBe('00000000-0000-7fff-bfff-ffffffffffff');
  });

  it('the random bytes are left as they were', () => {
    const bytes = new Uint8Array(10).fill(0xff);
    uuidV7(0, bytes);
    expect([...bytes]).toEqual(Array.from({ length: 10 }, () => 0xff));
  });

  it('a fraction of a millisecond is dropped', () => {
    expect(uuidV7(1.9, new Uint8Array(10))).toBe(uuidV7(1, new Uint8Array(10)));
  });

  it.each([9, 11, 16, 0])('%d random bytes are refused', (length) => {
    expect(() => uuidV7(0, new Uint8Array(length))).toThrow(RangeError);
  });

  it.each([-1, 2 ** 48, Number.NaN, Infinity])('the instant %d is refused', (ms) => {
    expect(() => uuidV7(ms, new Uint8Array(10))).toThrow(RangeError);
  });
});
