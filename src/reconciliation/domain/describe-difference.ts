import type { Difference } from './difference.js';

/**
 * A difference for people: which table and which row, and below it each figure that differs with both values. A row that is missing, or
 * should not be there, is told with everything it should say or says but zeros.
 */
export function describeDifference({ relation, key, stored, expected }: Difference): string[] {
  const row = Object.entries(key).map(([column, value]) => `${withoutId(column)} ${value ?? '-'}`);
  const columns = Object.keys(expected ?? stored ?? {}).filter((column) => {
    if (stored && expected) return stored[column] !== expected[column];
    return (stored ?? expected)?.[column] !== '0';
  });
  const width = Math.max(...columns.map((column) => column.length));
  return [
    `${relation}  ${row.join(', ')}`,
    ...columns.map(
      (column) =>
        `    ${column.padEnd(width)}  stored ${told(stored, column).padEnd(10)}  recomputed ${told(expected, column)}`,
    ),
  ];
}

function told(row: Difference['stored'], column: string): string {
  return row ? (row[column] ?? '-') : 'no row';
}

function withoutId(column: string): string {
  return column.replace(/_?id$/, '') || 'id';
}
