import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { customerIdentity } from './customer-identity.js';

// RFC 4231, test case 2: HMAC-SHA256("Jefe", "what do ya want for nothing?") = 5bdcc146 bf60754e 6a042426 089575c7 …
const KEY = Buffer.from('Jefe');

describe('a customer id', () => {
  it('is the published HMAC with the version and variant of a UUID', () => {
    const published = '5bdcc146-bf60-754e-6a04-2426089575c7';
    const id = customerIdentity(KEY, 'what do ya want for nothing?');
    expect(id).toBe('5bdcc146-bf60-854e-aa04-2426089575c7');
    expect(Array.from(id).filter((char, index) => char !== published[index])).toEqual(['8', 'a']);
  });

  it('is a UUID of version 8 for every customer, and always the same', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.string(), (key, reference) => {
        const id = customerIdentity(key, reference);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(customerIdentity(key, reference)).toBe(id);
      }),
    );
  });

  it('of one customer differs from partner to partner', () => {
    expect(customerIdentity(Buffer.alloc(32, 1), 'tel:+49301234567')).not.toBe(
      customerIdentity(Buffer.alloc(32, 2), 'tel:+49301234567'),
    );
  });
});
