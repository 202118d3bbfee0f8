import { createHash, timingSafeEqual } from 'node:crypto';
import { customAlphabet } from 'nanoid';
import type { ApiKeyText } from './domain/api-key-text.js';

// No underscore: it separates the parts of a key. No sign at all: a double click selects the whole key.
const LETTERS_AND_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const newKeyId = customAlphabet(LETTERS_AND_DIGITS, 16);
// 40 x log2(62) = 238 bits. That much chance needs no slow hash: guessing fails long before hashing does.
const newSecret = customAlphabet(LETTERS_AND_DIGITS, 40);

export function newApiKey(): ApiKeyText {
  return { keyId: newKeyId(), secret: newSecret() };
}

/** What is stored of a secret. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

const NO_HASH = Buffer.alloc(32);

/** Takes as long for an unknown key as for a known one with a wrong secret. One hash costs 1-2 µs, so it is not cached. */
export function isSecretOf(stored: Buffer | undefined, presented: string): boolean {
  const isEqual = timingSafeEqual(hashSecret(presented), stored ?? NO_HASH);
  return isEqual && stored !== undefined;
}
