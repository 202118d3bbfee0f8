import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateExchangeRates1763800000055 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table exchange_rates (
        base text not null,
        quote text not null,
        valid_from date not null,
        revision bigint generated always as identity,
        rate numeric not null check (rate > 0),
        numerator numeric not null check (numerator > 0),
        denominator numeric not null check (denominator > 0),
        imported_by_key_id text not null references api_keys (id),
        imported_at timestamptz not null default now(),
        primary key (base, quote, valid_from, revision),
        check (base <> quote)
      );
      comment on table exchange_rates is
        'what was imported: one unit of base is rate units of quote from valid_from on; never changed, of several for one day the latest revision counts';
      comment on column exchange_rates.numerator is 'numerator / denominator minor units of quote for one of base, exactly';
      create unique index exchange_rates_revision on exchange_rates (revision);

      create table day_rates (
        base text not null,
        quote text not null,
        day date not null,
        rate numeric not null,
        is_inverse boolean not null,
        valid_from date not null,
        numerator numeric not null check (numerator > 0),
        denominator numeric not null check (denominator > 0),
        fixed_at timestamptz not null default now(),
        primary key (base, quote, day),
        check (base <> quote),
        check (valid_from <= day)
      );
      comment on table day_rates is
        'at which rate amounts of base of a day are converted to quote; fixed by whatever fact is converted first, and never changed';
      comment on column day_rates.is_inverse is 'rate was imported for quote to base';

      create function convert_minor(amount numeric, numerator numeric, denominator numeric) returns numeric
        language sql immutable strict parallel safe
        return sign(amount) * (
          div(2 * abs(amount) * numerator + denominator, 2 * denominator)
          - case when mod(2 * abs(amount) * numerator + denominator, 2 * denominator) = 0
                  and mod(div(2 * abs(amount) * numerator + denominator, 2 * denominator), 2) = 1
                 then 1 else 0 end);
      comment on function convert_minor is
        'amount x numerator / denominator, rounded half-even to a whole number; numerator and denominator are whole and positive';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function convert_minor;
      drop table day_rates;
      drop table exchange_rates;
    `);
  }
}
