import { describe, expect, it } from '@jest/globals';
import { issuanceMessage } from './issuance-messages.js';
import { ISSUANCE_REFUSALS } from './issuance-refusal.js';

describe('issuanceMessage', () => {
  it.each(ISSUANCE_REFUSALS)('%s is told in one short sentence of each language', (reason) => {
    for (const language of ['en', 'ru'] as const) {
      expect(issuanceMessage(reason, language)).toMatch(/^[^.!?]{10,95}\.$/u);
    }
    expect(issuanceMessage(reason, 'ru')).toMatch(/^[^a-z]+$/iu);
    expect(issuanceMessage(reason, 'en')).toMatch(/^[^а-яё]+$/iu);
  });

  it('no two reasons sound the same', () => {
    const spoken = ISSUANCE_REFUSALS.flatMap((reason) => [
      issuanceMessage(reason, 'en'),
      issuanceMessage(reason, 'ru'),
    ]);
    expect(new Set(spoken).size).toBe(2 * ISSUANCE_REFUSALS.length);
  });
});
