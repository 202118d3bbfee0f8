import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';

/** What every coupon of a batch has in common. */
export interface CouponColumns {
  readonly expiresOn: string | null;
  readonly placement: string;
}

/** A page of coupons; the next one starts after its last id. */
export type CouponPage = readonly { readonly id: string; readonly display: string }[];

const HEADER = ['code', 'expiresOn', 'placement'];

/**
 * Coupons as CSV (RFC 4180, UTF-8). The next page is read when the one before it has been taken, so the memory it needs
 * does not depend on how many there are, and reading ends when the reader goes away.
 */
export function couponsCsv(
  readPage: (after: string | null) => Promise<CouponPage>,
  columns: CouponColumns,
): Readable {
  return Readable.from(csvPages(readPage, columns));
}

async function* csvPages(
  readPage: (after: string | null) => Promise<CouponPage>,
  { expiresOn, placement }: CouponColumns,
): AsyncGenerator<string> {
  yield toCsv([HEADER]);
  let page = await readPage(null);
  for (let last = page.at(-1); last; last = page.at(-1)) {
    yield toCsv(page.map(({ display }) => [display, expiresOn ?? '', placement]));
    page = await readPage(last.id);
  }
}

/** A spreadsheet must not run what someone wrote as a label (OWASP, CSV injection). */
function toCsv(rows: readonly (readonly string[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { record_delimiter: 'windows', escape_formulas: true },
  );
}
