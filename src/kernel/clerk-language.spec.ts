import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pickLanguage } from './clerk-language.js';

describe('pickLanguage', () => {
  it.each([
    ['no header means English', undefined, 'en'],
    ['an empty header means English', '', 'en'],
    ['a plain tag is taken', 'ru', 'ru'],
    ['a region and the letter case do not matter', 'RU-ru', 'ru'],
    ['without weights the first one named wins', 'en, ru', 'en'],
    ['the higher weight wins over the order', 'en;q=0.5, ru;q=0.8', 'ru'],
    ['a missing weight is 1', 'en;q=0.9,ru', 'ru'],
    ['weights compare as numbers of up to three decimals', 'en;q=0.79,ru;q=0.8', 'ru'],
    ['weights compare to the third decimal', 'ru;q=0.799,en;q=0.8', 'en'],
    ['0.8 and 0.800 are the same weight', 'ru;q=0.8, en;q=0.800', 'ru'],
    ['weight 1 may be written with decimals', 'en;q=0.999, ru;q=1.000', 'ru'],
    ['languages we do not speak are passed over', 'de-DE, fr;q=0.9, ru;q=0.3', 'ru'],
    ['only languages we do not speak means English', 'de, fr;q=0.5', 'en'],
    ['weight 0 excludes a language', 'ru;q=0, de', 'en'],
    ['an asterisk alone means English', '*', 'en'],
    ['an asterisk stands for the languages not named', 'en;q=0, *', 'ru'],
    ['a language named outweighs an asterisk of the same weight', '*, ru', 'ru'],
    ['an asterisk of more weight outweighs the language named', 'ru;q=0.3, *;q=0.5', 'en'],
    ['spaces around the weight are allowed', 'en ; q=0.2 ,  ru ; q=0.4', 'ru'],
    ['an unreadable weight drops its language only', 'ru;q=high, ru-RU;q=7, en;q=0.1', 'en'],
    ['a longer word that begins like a language is not that language', 'rus, en;q=0.1', 'en'],
  ] as const)('%s', (_rule, header, language) => {
    expect(pickLanguage(header)).toBe(language);
  });

  it('answers a language for any header', () => {
    const piece = fc.constantFrom('ru', 'en', '*', ';q=', '0.5', '1', ',', ' ', '-', 'q', ';;', '.');
    const header = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(fc.property(header, (text) => expect(['en', 'ru']).toContain(pickLanguage(text))));
  });
});
