/** The mean of at least one number. */
export function mean(values: readonly number[]): number {
  return total(values) / values.length;
}

export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The variance with n - 1 below, of at least two numbers. */
export function variance(values: readonly number[]): number {
  const middle = mean(values);
  return total(values.map((value) => (value - middle) ** 2)) / (values.length - 1);
}

/** Equal numbers have a standard deviation of rounding errors; smaller ones than this share of the largest are none. */
const CONSTANT = 1e-12;

/** The standard deviation (n - 1), and exactly 0 for fewer than two numbers and for equal ones. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const spread = Math.sqrt(variance(values));
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return spread > CONSTANT * largest ? spread : 0;
}
