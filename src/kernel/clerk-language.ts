/** The languages in which clerks are spoken to, at the tills of issuers and of redeemers. */
export type ClerkLanguage = 'en' | 'ru';

/** The first one is spoken to tills that did not ask for any. */
const LANGUAGES: readonly ClerkLanguage[] = ['en', 'ru'];

interface LanguageRange {
  /** Primary subtag in lower case ("ru" of "ru-RU"), or "*". */
  readonly primary: string;
  /** The q value written with three decimals ("0.800"), so that text order is numeric order. */
  readonly weight: string;
}

const RANGE = /^(\*|[a-z]{1,8})(?:-[a-z0-9]{1,8})*(?:\s*;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i;
const NOT_WANTED = '0.000';

/**
 * The language to speak to a till, from its Accept-Language header (RFC 9110, 12.5.4): the highest weight wins, then the
 * one named first; "*" stands for every language not named; weight 0 excludes. English when nothing fits. Unreadable parts
 * are passed over, because a bad header is no reason to leave a clerk without words.
 */
export function pickLanguage(acceptLanguage: string | undefined): ClerkLanguage {
  const ranges = parseRanges(acceptLanguage ?? '');
  let picked: ClerkLanguage = 'en';
  let best = NOT_WANTED;
  const consider = (language: ClerkLanguage | undefined, weight: string) => {
    if (language === undefined || weight <= best) return;
    picked = language;
    best = weight;
  };
  for (const { primary, weight } of ranges) consider(spoken(primary), weight);
  const unnamed = LANGUAGES.find((language) => !ranges.some(({ primary }) => primary === language));
  for (const { primary, weight } of ranges) if (primary === '*') consider(unnamed, weight);
  return picked;
}

function spoken(primary: string): ClerkLanguage | undefined {
  return LANGUAGES.find((language) => language === primary);
}

function parseRanges(header: string): LanguageRange[] {
  return header.split(',').flatMap((part) => {
    const [, primary, quality = '1'] = RANGE.exec(part.trim()) ?? [];
    if (primary === undefined) return [];
    const digits = quality.slice(2);
    return [{ primary: primary.toLowerCase(), weight: `${quality.slice(0, 1)}.${digits.padEnd(3, '0')}` }];
  });
}
