import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatApiKey, parseApiKey } from './api-key-text.js';

const keyId = fc.stringMatching(/^[A-Za-z0-9]{4,40}$/);
const secret = fc.stringMatching(/^[A-Za-z0-9]{22,128}$/);

describe('the text of an API key', () => {
  it('gives back the parts it was made of', () => {
    fc.assert(
      fc.property(keyId, secret, (id, word) => {
        expect(parseApiKey(formatApiKey({ keyId: id, secret: word }))).toEqual({ keyId: id, secret: word });
      }),
    );
  });

  it.each([
    '',
    'tdm_',
    'tdm_abcd',
    'tdm_abc_0123456789abcdefghijkl',
    'tdm_abcd_0123456789abcdefghijk',
    'TDM_abcd_0123456789abcdefghijkl',
    'tdm_abcd_0123456789abcdefghijkl\n',
    ' tdm_abcd_0123456789abcdefghijkl',
    'tdm_abcd_0123456789_abcdefghijkl',
    'tdm_ab-d_0123456789abcdefghijkl',
    "tdm_abcd_0123456789abcdefghijk'",
    `tdm_abcd_${'a'.repeat(129)}`,
    `tdm_${'a'.repeat(41)}_0123456789abcdefghijkl`,
  ])('%j cannot be one', (text) => {
    expect(parseApiKey(text)).toBeUndefined();
  });
});
