import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { CouponPage } from './coupon-batch.repository.js';

/** What every coupon of a batch has in common. */
export interface CouponColumns {
  readonly expiresOn: string | null;
  readonly placement: string;
}

const HEADER = ['code', 'expiresOn', 'placement'];

/**
 * Coupons as CSV (RFC 4180, UTF-8). The next page, which starts after the last coupon of the one before, is read when that
 * one has been taken: the memory it needs does not depend on how many there are, and reading ends when the reader goes away.
 */
export function couponsCsv(
  readPage: (after: string | null) => Promise<CouponPage | undefined>,
  columns: CouponColumns,
): Readable {
  return Readable.from(csvPages(readPage, columns));
}

async function* csvPages(
  readPage: (after: string | null) => Promise<CouponPage | undefined>,
  { expiresOn, placement }: CouponColumns,
): AsyncGenerator<string> {
  yield toCsv(HEADER);
  // A coupon is letters, digits and separators and needs no quotes; the rest of the line is the same for all.
  const rest = `,${toCsv([expiresOn ?? '', placement])}`;
  for (let page = await readPage(null); page; page = await readPage(page.last))
    yield page.codes.replaceAll('\n', () => rest);
}

/** A spreadsheet must not run what someone wrote as a label (OWASP, CSV injection). */
function toCsv(row: readonly string[]): string {
  return stringify([[...row]], { record_delimiter: 'windows', escape_formulas: true });
}
