import { appendFileSync } from 'node:fs';

/**
 * Prints what a fault was measured at. A figure is for people: what it may be at most depends on the machine, so tests expect
 * only bounds that a slow machine keeps too. FAULTS_REPORT names a file that collects the lines.
 */
export function figure(fault: string, figures: Readonly<Record<string, string | number>>): void {
  const text = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  const line = `${fault}: ${text.join(', ')}\n`;
  process.stderr.write(`  ${line}`);
  const file = process.env['FAULTS_REPORT'];
  if (file) appendFileSync(file, line);
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** The value that a share of them does not exceed; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
