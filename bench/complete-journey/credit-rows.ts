import {
  amountText,
  type CreditAnswer,
  type CreditsAnswer,
} from '../../src/credits/domain/credits-answer.js';
import { alignColumns } from '../../src/reports/domain/align-columns.js';

const SHOWN_GROUPS = 8;

/** Amounts by model, side by side: the issuers with the most by the first of them, everybody else together, and the whole. */
export function renderCreditRows({ models, groups, totals }: CreditsAnswer): string {
  const [ranking] = models;
  const rows = groups.map(({ label, credits }) => ({
    label,
    cents: models.map((model) => centsOf(credits[model])),
  }));
  rows.sort((a, b) => (b.cents[0] ?? 0) - (a.cents[0] ?? 0));
  const others = rows.slice(SHOWN_GROUPS);
  const sums = models.map((_, column) => others.reduce((sum, { cents }) => sum + (cents[column] ?? 0), 0));
  const lines = [
    ['by ' + (ranking ?? ''), ...models],
    ...rows.slice(0, SHOWN_GROUPS).map(({ label, cents }) => [label, ...cents.map(shown)]),
    [`${others.length} others`, ...sums.map(shown)],
    ['all', ...models.map(() => amountText(totals.amount))],
  ];
  return `${alignColumns(
    lines,
    models.map((_, column) => column + 1),
  ).join('\n')}\n`;
}

function centsOf(credit: CreditAnswer | undefined): number {
  return credit && 'amount' in credit ? Math.round(Number(amountText(credit.amount)) * 100) : 0;
}

function shown(cents: number): string {
  return (cents / 100).toFixed(2);
}
