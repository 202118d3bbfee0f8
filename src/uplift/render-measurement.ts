import { formatRatio, type Ratio, ratio } from '../kernel/ratio.js';
import type { Interval } from './domain/interval.js';

/** A measurement as a decimal string. */
export type Render = (value: number) => string;

export function renderInterval(
  { value, lower, upper }: Interval,
  render: Render,
): Record<keyof Interval, string> {
  return { value: render(value), lower: render(lower), upper: render(upper) };
}

/** Up to six decimals, without zeros at the end. */
export function plain(value: number): string {
  const text = formatRatio(toRatio(value), 6);
  return text.replace(/\.?0+$/, '');
}

/** A measurement as a fraction of millionths: nothing here is known more exactly than that. */
export function toRatio(value: number): Ratio {
  return ratio(BigInt(Math.round(value * 1e6)), 1_000_000n);
}
