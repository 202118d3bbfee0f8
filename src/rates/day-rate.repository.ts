import { Injectable } from '@nestjs/common';
import { ratio } from '../kernel/ratio.js';
import type { Tx } from '../platform/database/tx.js';
import type { AskedRate, DayRate } from './domain/day-rate.js';

/** A rate as the database answers it; `isSettled`: it was fixed by another transaction, which has committed. */
export interface FoundRate extends DayRate {
  readonly isSettled: boolean;
}

// A week: central banks publish none at weekends and on holidays, and the longest of these (Christmas, Golden Week, Eid) leave gaps of
// five or six days. A rate that is older says that the feed has stopped, and that should be noticed.
const MAX_AGE_DAYS = 7;

const ASKED = `asked as (
    select * from unnest($1::text[], $2::text[], $3::date[]) as asked (base, quote, day)
  )`;
const COLUMNS = `base, quote, day, rate, numerator, denominator, is_inverse, valid_from`;

// The newest rate of either direction; of two of the same day the one that needs no inversion, then the last correction. Never
// through a third currency.
const VALID = `lateral (
    select newest.*
      from (
        (
          select e.rate, e.numerator, e.denominator, false as is_inverse, e.valid_from
            from exchange_rates as e
           where e.base = asked.base and e.quote = asked.quote
             and e.valid_from <= asked.day and e.valid_from >= asked.day - ${MAX_AGE_DAYS}
           order by e.valid_from desc, e.revision desc
           limit 1
        )
        union all
        (
          select e.rate, e.denominator, e.numerator, true, e.valid_from
            from exchange_rates as e
           where e.base = asked.quote and e.quote = asked.base
             and e.valid_from <= asked.day and e.valid_from >= asked.day - ${MAX_AGE_DAYS}
           order by e.valid_from desc, e.revision desc
           limit 1
        )
      ) as newest
     order by newest.valid_from desc, newest.is_inverse
     limit 1
  ) as valid`;

const UNFIXED = `not exists (
    select from day_rates as d where d.base = asked.base and d.quote = asked.quote and d.day = asked.day)`;

const KNOWN = `known as (
    select d.* from asked join day_rates as d on d.base = asked.base and d.quote = asked.quote and d.day = asked.day
  )`;

export const DAY_RATE_COLUMNS = `base, quote, day, rate::text, numerator::text, denominator::text, is_inverse as "isInverse", valid_from as "validFrom"`;

// A day is fixed once it has begun somewhere: a cost that is dated ahead must not give its day the rate of today. Sorted, so that two
// that fix the same days wait for each other instead of deadlocking; who comes second is answered what the first one fixed. What this
// transaction has fixed before bears its own time, and is gone when it is rolled back.
const FIX = `
  with ${ASKED}, ${KNOWN},
  fixed as (
    insert into day_rates as held (${COLUMNS})
    select asked.base, asked.quote, asked.day, valid.rate, valid.numerator, valid.denominator, valid.is_inverse, valid.valid_from
      from asked cross join ${VALID}
     where ${UNFIXED} and asked.day <= (now() at time zone 'UTC')::date + 1
     order by asked.base, asked.quote, asked.day
    on conflict (base, quote, day) do update set fixed_at = held.fixed_at
    returning held.*
  )
  select ${DAY_RATE_COLUMNS}, fixed_at < now() as "isSettled" from known
   union all
  select ${DAY_RATE_COLUMNS}, false from fixed`;

const PEEK = `
  with ${ASKED}, ${KNOWN}
  select ${DAY_RATE_COLUMNS}, fixed_at < now() as "isSettled" from known
   union all
  select ${DAY_RATE_COLUMNS}, false
    from (select asked.base, asked.quote, asked.day, valid.* from asked cross join ${VALID} where ${UNFIXED}) as valid`;

@Injectable()
export class DayRateRepository {
  /** Fixes what is not fixed and answers all that has a rate. Each pair and day comes once at most. */
  async fix(tx: Tx, asked: readonly AskedRate[]): Promise<FoundRate[]> {
    return (await tx.prepared<Row>('day_rates_fix', FIX, columnsOf(asked))).map(toDayRate);
  }

  /** The same without fixing anything. */
  async peek(tx: Tx, asked: readonly AskedRate[]): Promise<FoundRate[]> {
    return (await tx.prepared<Row>('day_rates_peek', PEEK, columnsOf(asked))).map(toDayRate);
  }
}

/** A rate as PostgreSQL sends it. */
export interface DayRateRow extends Omit<DayRate, 'perMinor'> {
  readonly numerator: string;
  readonly denominator: string;
}
type Row = DayRateRow & Pick<FoundRate, 'isSettled'>;

export function toDayRate<R extends DayRateRow>({
  numerator,
  denominator,
  ...rate
}: R): Omit<R, 'numerator' | 'denominator'> & DayRate {
  return { ...rate, perMinor: ratio(BigInt(numerator), BigInt(denominator)) };
}

function columnsOf(asked: readonly AskedRate[]): unknown[] {
  return [asked.map(({ base }) => base), asked.map(({ quote }) => quote), asked.map(({ day }) => day)];
}
