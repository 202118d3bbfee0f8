/** Whether the whole suite runs, for minutes, or its short form. The code is the same, only the numbers are smaller. */
const isShort = process.env['FAULTS'] === 'short';

export function size<T>(long: T, short: T): T {
  return isShort ? short : long;
}
