import { eventually } from '../support/eventually.js';
import { quantile } from './figures.js';
import type { LoadClient } from './load-client.js';

/** How long (ms) each till waited that was told to come again. */
export function unavailable(load: LoadClient, since = 0): number[] {
  return load.tries.flatMap(({ outcome, at, ms }) => (outcome === 'unavailable' && at > since ? [ms] : []));
}

/** How often and how fast the tills were told to come again. */
export function told(load: LoadClient, since = 0): Record<string, string | number> {
  const times = unavailable(load, since);
  const ms = (share: number): string => `${quantile(times, share).toFixed(0)} ms`;
  return { '503': times.length, 'told in (median)': ms(0.5), '99th percentile': ms(0.99), slowest: ms(1) };
}

/** Posts that were sent after that instant and answered. */
export function answeredSince(load: LoadClient, since: number): number {
  return load.tries.filter(({ at, outcome }) => at > since && outcome === 'answered').length;
}

/** Waits for the next answer, and tells how long (ms) that took. */
export async function answersAgain(load: LoadClient, withinMs: number): Promise<number> {
  const startedAt = performance.now();
  await eventually(() => answeredSince(load, startedAt) > 0, withinMs);
  return performance.now() - startedAt;
}
