import { minorDigits } from './money.js';
import { formatRatio, type Ratio, ratio } from './ratio.js';

/** What a value counts: things, percent (12.5 means 12.5 %), a bare ratio, or major units of an ISO 4217 currency. */
export type Unit = 'count' | '%' | 'ratio' | string;

/** A value with its unit. Money stands in MAJOR units as an exact fraction: 12.30 EUR is 123/10. */
export interface Quantity {
  readonly value: Ratio;
  readonly unit: Unit;
}

/** The numbers a figure was computed from, by name; each has a unit of its own, so that money reads as money. */
export type Parts = Readonly<Record<string, Quantity>>;

/** The result of a metric: a value, or the reason why there is none ("no-receipt-totals"). Never NaN, never a made-up 0. */
export type Figure =
  | { readonly value: Ratio; readonly unit: Unit; readonly parts?: Parts }
  | { readonly undefined: string; readonly parts?: Parts };

export type RenderedParts = Record<string, string>;

/** A figure as the API shows it: decimal strings. */
export type RenderedFigure =
  { value: string; unit: string; parts?: RenderedParts } | { undefined: string; parts?: RenderedParts };

const MAX_DECIMALS = 6;

export function defined(value: Ratio, unit: Unit, parts?: Parts): Figure {
  return parts ? { value, unit, parts } : { value, unit };
}

/** `reason` is a stable kebab-case word of metrics.md, not a sentence. */
export function undefinedBecause(reason: string, parts?: Parts): Figure {
  return parts ? { undefined: reason, parts } : { undefined: reason };
}

/**
 * A whole number of things; RangeError on a fraction. An average number of things is written `{ value, unit: 'count' }`.
 */
export function count(n: bigint | number): Quantity {
  return { value: ratio(BigInt(n), 1n), unit: 'count' };
}

/** Money from minor units. Throws UnknownCurrencyError. */
export function amount(minor: bigint, currency: string): Quantity {
  return { value: ratio(minor, 10n ** BigInt(minorDigits(currency))), unit: currency };
}

/**
 * Decimal strings, rounded half-even: money with exactly its currency's decimals, everything else with up to six and
 * no trailing zeros ("3.75", "45"). Parts are rendered like the figure itself. Throws UnknownCurrencyError.
 */
export function renderFigure(figure: Figure): RenderedFigure {
  const parts = figure.parts && { parts: renderParts(figure.parts) };
  if ('undefined' in figure) return { undefined: figure.undefined, ...parts };
  return { value: renderQuantity(figure), unit: figure.unit, ...parts };
}

/** Several figures at once, under their names. */
export function renderFigures<Name extends string>(
  figures: Readonly<Record<Name, Figure>>,
): Record<Name, RenderedFigure> {
  const entries = Object.entries<Figure>(figures).map(([name, figure]) => [name, renderFigure(figure)]);
  return Object.fromEntries(entries) as Record<Name, RenderedFigure>;
}

function renderParts(parts: Parts): RenderedParts {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, renderQuantity(part)]));
}

function renderQuantity({ value, unit }: Quantity): string {
  if (unit === 'count' || unit === '%' || unit === 'ratio')
    return trimZeros(formatRatio(value, MAX_DECIMALS));
  return formatRatio(value, minorDigits(unit));
}

function trimZeros(decimal: string): string {
  return decimal.replace(/\.?0+$/, '');
}
