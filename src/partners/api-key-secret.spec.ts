import { describe, expect, it } from '@jest/globals';
import { hashSecret, isSecretOf, newApiKey } from './api-key-secret.js';
import { formatApiKey, parseApiKey } from './domain/api-key-text.js';

describe('a new API key', () => {
  it('has the documented form and at least 192 bits of chance in its secret', () => {
    const key = newApiKey();
    expect(parseApiKey(formatApiKey(key))).toEqual(key);
    expect(key.keyId.length).toBeGreaterThanOrEqual(12);
    expect(key.secret.length * Math.log2(62)).toBeGreaterThanOrEqual(192);
  });

  it('is never the same twice', () => {
    const keys = Array.from({ length: 1_000 }, newApiKey);
    expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(1_000);
    expect(new Set(keys.map(({ secret }) => secret)).size).toBe(1_000);
  });
});

describe('a stored secret', () => {
  // FIPS 180-4, the example "abc".
  it('is its SHA-256', () => {
    expect(hashSecret('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('is proven by the same text only', () => {
    const stored = hashSecret('one');
    expect([isSecretOf(stored, 'one'), isSecretOf(stored, 'One'), isSecretOf(stored, '')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('of an unknown key is proven by nothing', () => {
    expect(isSecretOf(undefined, 'one')).toBe(false);
  });
});
