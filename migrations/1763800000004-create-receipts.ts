import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateReceipts1763800000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table receipts (
        redeemer_partner_id uuid not null,
        id uuid not null,
        external_id text not null,
        fingerprint bytea not null,
        channel_id uuid not null references channels (id),
        number text not null,
        occurred_at timestamptz not null,
        day date not null,
        total bigint not null check (total >= 0),
        cost_of_goods bigint check (cost_of_goods >= 0),
        customer_id uuid,
        recorded_at timestamptz not null default now(),
        primary key (redeemer_partner_id, id),
        unique (redeemer_partner_id, external_id)
      );
      comment on table receipts is 'single receipts of a partner, whether or not a code was used; amounts in minor units of the partner currency';
      create index receipts_number on receipts (redeemer_partner_id, channel_id, number);
      create index receipts_customer on receipts (redeemer_partner_id, customer_id, occurred_at) where customer_id is not null;

      create table channel_days (
        redeemer_partner_id uuid not null,
        channel_id uuid not null references channels (id),
        day date not null,
        single_receipts integer not null default 0,
        single_revenue bigint not null default 0,
        single_costed_revenue bigint not null default 0,
        single_cost_of_goods bigint not null default 0,
        total_receipts integer check (total_receipts >= 0),
        total_revenue bigint check (total_revenue >= 0),
        total_profit bigint,
        primary key (redeemer_partner_id, channel_id, day),
        check ((total_receipts is null) = (total_revenue is null))
      );
      comment on table channel_days is 'per channel and local day: sums of the single receipts, and the receipt totals the partner put; reports use the first where there are any, else the second';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table channel_days; drop table receipts;`);
  }
}
