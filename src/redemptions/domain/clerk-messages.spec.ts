import { describe, expect, it } from '@jest/globals';
import { clerkMessage, hintMessage } from './clerk-messages.js';
import { REFUSAL_REASONS } from './refusal-reason.js';

describe('clerkMessage', () => {
  it.each(REFUSAL_REASONS)('%s is told in one short sentence of each language', (reason) => {
    for (const language of ['en', 'ru'] as const) {
      expect(clerkMessage(reason, language)).toMatch(/^[^.!?]{10,95}\.$/u);
    }
    expect(clerkMessage(reason, 'ru')).toMatch(/^[^a-z]+$/iu);
    expect(clerkMessage(reason, 'en')).toMatch(/^[^а-яё]+$/iu);
  });

  it('no two reasons sound the same', () => {
    const spoken = REFUSAL_REASONS.flatMap((reason) => [
      clerkMessage(reason, 'en'),
      clerkMessage(reason, 'ru'),
    ]);
    expect(new Set(spoken).size).toBe(2 * REFUSAL_REASONS.length);
  });
});

describe('hintMessage', () => {
  it('asks for the word in each language', () => {
    expect(hintMessage('GYM10', 'en')).toMatch(/^Did you mean GYM10\? [^а-яё]+\.$/iu);
    expect(hintMessage('GYM10', 'ru')).toMatch(/^Может быть, GYM10\? [^a-z]+\.$/iu);
  });

  it('says the word as it is, whatever it is made of', () => {
    expect(hintMessage("$& … $'", 'en')).toContain("Did you mean $& … $'?");
  });
});
