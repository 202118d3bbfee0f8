import { minorDigits } from '../../kernel/money.js';
import { formatRatio, multiplyRatio, type Ratio, ratio } from '../../kernel/ratio.js';

/** Which conversion: amounts of `base` into `quote` on a local date. */
export interface AskedRate {
  readonly base: string;
  readonly quote: string;
  readonly day: string;
}

/** The exchange rate at which the amounts of one day are converted: fixed when it is used for the first time. */
export interface DayRate extends AskedRate {
  /** Minor units of `quote` for one of `base`. */
  readonly perMinor: Ratio;
  /** The rate as it was imported; `isInverse`: it was imported for the opposite direction. */
  readonly rate: string;
  readonly isInverse: boolean;
  readonly validFrom: string;
}

export function askedKey({ base, quote, day }: AskedRate): string {
  return `${base}/${quote}/${day}`;
}

/** Decimals in which a rate is written down for people: more than any amount can show. */
const DECIMALS = 18;

/** Units of `quote` for one unit of `base`, as a decimal; the inverse of a rate is cut to 18 places here and nowhere else. */
export function printRate({ base, quote, perMinor }: Pick<DayRate, 'base' | 'quote' | 'perMinor'>): string {
  const scale = ratio(10n ** BigInt(minorDigits(base)), 10n ** BigInt(minorDigits(quote)));
  return formatRatio(multiplyRatio(perMinor, scale), DECIMALS).replace(/\.?0+$/, '');
}
