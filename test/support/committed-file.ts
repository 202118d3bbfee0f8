import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';

/**
 * Compares with a file of the repository. With UPDATE_COMMITTED=1 the file is written instead: look at the diff before you
 * commit it.
 */
export function expectCommitted(path: string, content: string): void {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  if (process.env['UPDATE_COMMITTED'] === '1') writeFileSync(file, content);
  expect(content).toBe(readFileSync(file, 'utf8'));
}
