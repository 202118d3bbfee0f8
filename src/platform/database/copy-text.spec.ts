import { describe, expect, it } from '@jest/globals';
import { copyFields } from './copy-text.js';

describe('copyFields', () => {
  it('separates columns with tabs and writes an absent value as \\N', () => {
    expect(copyFields(['a', 1, null, ''])).toBe('a\t1\t\\N\t');
  });

  it('keeps a value from looking like an absent one, another column or another row', () => {
    expect(copyFields(['\\N', 'a\tb', 'c\nd\re'])).toBe('\\\\N\ta\\tb\tc\\nd\\re');
  });
});
