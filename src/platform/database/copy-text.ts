type CopyValue = string | number | null;

const SPECIAL = /[\\\t\n\r]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/**
 * Neighbouring columns of a row in the text format of COPY (PostgreSQL manual, COPY, "Text Format"), without the line
 * break that ends a row: what several rows share is then written once.
 */
export function copyFields(values: readonly CopyValue[]): string {
  return values.map(copyField).join('\t');
}

function copyField(value: CopyValue): string {
  if (value === null) return '\\N';
  return String(value).replace(SPECIAL, (character) => ESCAPES[character] ?? character);
}
