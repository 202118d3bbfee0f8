/** A value with its 95 % interval. */
export interface Interval {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** The two-sided 95 % point of the normal distribution. */
const NORMAL_95 = 1.959963984540054;

export function normalInterval(value: number, standardError: number): Interval {
  return marginInterval(value, NORMAL_95 * standardError);
}

export function marginInterval(value: number, margin: number): Interval {
  return { value, lower: value - margin, upper: value + margin };
}

/** Times a positive number, or 0. */
export function scaleInterval({ value, lower, upper }: Interval, factor: number): Interval {
  return { value: value * factor, lower: lower * factor, upper: upper * factor };
}

export function shiftInterval({ value, lower, upper }: Interval, by: number): Interval {
  return { value: value + by, lower: lower + by, upper: upper + by };
}

/** Whether it leaves open that the value is 0, or of the other sign. */
export function holdsZero({ lower, upper }: Interval): boolean {
  return lower <= 0 && upper >= 0;
}
