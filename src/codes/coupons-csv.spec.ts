import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { CouponPage } from './coupon-batch.repository.js';
import { couponsCsv } from './coupons-csv.js';

/** Pages of two out of `count` coupons, and a note of what was asked for. */
function coupons(count: number) {
  const asked: (string | null)[] = [];
  const readPage = (after: string | null): Promise<CouponPage | undefined> => {
    asked.push(after);
    const first = after === null ? 1 : Number(after) + 1;
    const ids = [first, first + 1].filter((id) => id <= count);
    const codes = ids.map((id) => `CAFE-${id}\n`).join('');
    return Promise.resolve(ids.length > 0 ? { last: String(ids.at(-1)), codes } : undefined);
  };
  return { asked, readPage };
}

describe('coupons as CSV', () => {
  it('have one row each, in order, whatever the size of the pages', async () => {
    for (const count of [0, 1, 2, 5]) {
      const csv = await text(
        couponsCsv(coupons(count).readPage, { expiresOn: '2026-12-31', placement: 'Flyer' }),
      );
      const rows: unknown = parse(csv, { columns: true, record_delimiter: '\r\n' });
      const expected = Array.from({ length: count }, (_, index) => ({
        code: `CAFE-${index + 1}`,
        expiresOn: '2026-12-31',
        placement: 'Flyer',
      }));
      expect(rows).toEqual(expected);
      expect(csv.startsWith('code,expiresOn,placement\r\n')).toBe(true);
    }
  });

  it('quote what needs quoting and leave unknown days empty', async () => {
    const csv = await text(
      couponsCsv(coupons(1).readPage, { expiresOn: null, placement: 'Flyer "A", hall\n2' }),
    );
    expect(csv).toBe('code,expiresOn,placement\r\nCAFE-1,,"Flyer ""A"", hall\n2"\r\n');
  });

  it('take a placement for a text, not for a rule of replacing', async () => {
    const csv = await text(couponsCsv(coupons(1).readPage, { expiresOn: null, placement: "$& $1 $'" }));
    expect(csv).toBe("code,expiresOn,placement\r\nCAFE-1,,$& $1 $'\r\n");
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])(
    'do not let a spreadsheet run the placement %j',
    async (placement) => {
      const csv = await text(couponsCsv(coupons(1).readPage, { expiresOn: null, placement }));
      const [row] = parse<{ placement: string }>(csv, { columns: true, record_delimiter: '\r\n' });
      expect(row?.placement).toBe(`'${placement}`);
    },
  );

  it('are not read any further when the reader goes away', async () => {
    const { asked, readPage } = coupons(1_000_000);
    const stream = couponsCsv(readPage, { expiresOn: null, placement: '' });
    for await (const chunk of stream) if (String(chunk).includes('CAFE-1,')) break;
    const askedUntilThen = asked.length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(stream.destroyed).toBe(true);
    expect(asked).toHaveLength(askedUntilThen);
    expect(askedUntilThen).toBeLessThan(10);
  });

  it('break off with an error when a page cannot be read, rather than looking complete', async () => {
    const fail = () => Promise.reject(new Error('connection lost'));
    await expect(text(couponsCsv(fail, { expiresOn: null, placement: '' }))).rejects.toThrow(
      'connection lost',
    );
  });
});
