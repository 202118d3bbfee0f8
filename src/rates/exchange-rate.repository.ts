import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { type Page, type PageRequest, toPage } from '../platform/http/page.js';
import { type ExchangeRate, minorRatio } from './domain/exchange-rate.js';

/** A rate as it was imported. */
export interface ImportedRate extends ExchangeRate {
  readonly importedAt: Date;
}

export interface RateFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const POSTED = `unnest($1::text[], $2::text[], $3::date[], $4::numeric[]) as posted (base, quote, valid_from, rate)`;

@Injectable()
export class ExchangeRateRepository {
  /** Adds what says something new; answers how many did. A pair and day comes once at most. */
  async insert(tx: Tx, rates: readonly ExchangeRate[], keyId: string): Promise<number> {
    const ratios = rates.map(minorRatio);
    return tx.execute(
      `insert into exchange_rates (base, quote, valid_from, rate, numerator, denominator, imported_by_key_id)
       select posted.base, posted.quote, posted.valid_from, posted.rate, posted.numerator, posted.denominator, $7
         from unnest($1::text[], $2::text[], $3::date[], $4::numeric[], $5::numeric[], $6::numeric[])
              as posted (base, quote, valid_from, rate, numerator, denominator)
         left join lateral (
           select e.rate from exchange_rates as e
            where e.base = posted.base and e.quote = posted.quote and e.valid_from = posted.valid_from
            order by e.revision desc
            limit 1
         ) as latest on true
        where latest.rate is distinct from posted.rate`,
      [
        ...columnsOf(rates),
        ratios.map(({ numerator }) => numerator),
        ratios.map(({ denominator }) => denominator),
        keyId,
      ],
    );
  }

  /** Those of these rates whose own day was converted at another one before: that day stays as it is. */
  async findTooLate(tx: Tx, rates: readonly ExchangeRate[], limit: number): Promise<ExchangeRate[]> {
    return tx.rows<ExchangeRate>(
      `select posted.base, posted.quote, posted.valid_from as "validFrom", posted.rate::text
         from ${POSTED}
        where exists (
                select from day_rates as d
                 where d.day = posted.valid_from
                   and ((d.base, d.quote) = (posted.base, posted.quote) or (d.base, d.quote) = (posted.quote, posted.base))
                   and (d.is_inverse = (d.base = posted.base) or d.valid_from <> posted.valid_from or d.rate <> posted.rate))
        order by posted.valid_from, posted.base, posted.quote
        limit $5`,
      [...columnsOf(rates), limit],
    );
  }

  /** What was imported, in the order in which it was, corrections included. */
  async list(tx: Tx, { from, to }: RateFilter, page: PageRequest): Promise<Page<ImportedRate>> {
    const rows = await tx.rows<ImportedRate & { id: string }>(
      `select e.revision::text as id, e.base, e.quote, e.valid_from as "validFrom", e.rate::text, e.imported_at as "importedAt"
         from exchange_rates as e
        where ($1::text is null or e.base = $1) and ($2::text is null or e.quote = $2)
          and ($3::bigint is null or e.revision > $3)
        order by e.revision
        limit $4`,
      [from ?? null, to ?? null, page.after, page.limit + 1],
    );
    return toPage(rows, page.limit, ({ id: _, ...rate }) => rate);
  }
}

function columnsOf(rates: readonly ExchangeRate[]): unknown[] {
  return [
    rates.map(({ base }) => base),
    rates.map(({ quote }) => quote),
    rates.map(({ validFrom }) => validFrom),
    rates.map(({ rate }) => rate),
  ];
}
