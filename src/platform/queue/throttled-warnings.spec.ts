import { describe, expect, it } from '@jest/globals';
import { ThrottledWarnings } from './throttled-warnings.js';

describe('throttled warnings', () => {
  it('say the same thing once in a while and different things at once', () => {
    const said: string[] = [];
    const warnings = new ThrottledWarnings({ warn: (message: string) => said.push(message) });

    for (const message of ['refused', 'refused', 'timed out', 'refused']) warnings.warn(message);

    expect(said).toEqual(['refused', 'timed out']);
  });
});
