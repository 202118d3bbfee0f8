/** Pads the cells of each column to one width, for a terminal; the columns with these indexes stand at the right. */
export function alignColumns(rows: readonly (readonly string[])[], right: readonly number[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column]))));
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, right.includes(column)))
      .join('  ')
      .trimEnd(),
  );
}

function pad(cell: string, to: number, right: boolean): string {
  const space = ' '.repeat(to - width(cell));
  return right ? space + cell : cell + space;
}

/** In characters, not in UTF-16 units. */
function width(cell = ''): number {
  return [...cell].length;
}
