import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { DayRate } from './domain/day-rate.js';
import { DAY_RATE_COLUMNS, type DayRateRow, toDayRate } from './day-rate.repository.js';

/** Questions about the rates at which days were converted, for the features above. */
@Injectable()
export class DayRateReadModel {
  /** Those to one currency of the days in `[from, to)`, by day. */
  async ofDays(
    tx: Tx,
    { quote, bases, from, to }: { quote: string; bases: readonly string[]; from: string; to: string },
  ): Promise<DayRate[]> {
    if (bases.length === 0) return [];
    const rows = await tx.rows<DayRateRow>(
      `select ${DAY_RATE_COLUMNS}
         from day_rates as d
        where d.quote = $1 and d.base = any($2::text[]) and d.day >= $3::date and d.day < $4::date
        order by d.day, d.base`,
      [quote, bases, from, to],
    );
    return rows.map(toDayRate);
  }
}
