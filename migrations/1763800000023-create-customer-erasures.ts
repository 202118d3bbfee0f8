import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateCustomerErasures1763800000023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table customer_erasures (
        id uuid primary key,
        partner_id uuid not null references partners (id),
        requested_by_key_id text not null references api_keys (id),
        requested_at timestamptz not null default now(),
        finished_at timestamptz,
        redemptions bigint not null default 0 check (redemptions >= 0),
        receipts bigint not null default 0 check (receipts >= 0),
        issuances bigint not null default 0 check (issuances >= 0),
        reservations bigint not null default 0 check (reservations >= 0),
        touches bigint not null default 0 check (touches >= 0)
      );
      comment on table customer_erasures is 'who had a customer forgotten, when, and how many rows of the partner that were; never whom';
      create index customer_erasures_partner on customer_erasures (partner_id, id);

      create table customer_erasure_links (
        old_id uuid primary key,
        new_id uuid not null,
        erasure_id uuid not null references customer_erasures (id),
        campaign_id uuid references campaigns (id)
      );
      comment on table customer_erasure_links is
        'ids that are being replaced: of the customer at the partner, or within a campaign; a row is gone when that is done';
      create index customer_erasure_links_erasure on customer_erasure_links (erasure_id);

      -- An erasure looks for a customer's rows; nothing else ever asked for these by customer.
      create index redemptions_refused_customer on redemptions (redeemer_partner_id, customer_id)
        where status = 'refused' and customer_id is not null;
      create index issuances_customer on issuances (issuer_partner_id, customer_id) where customer_id is not null;
      create index reservations_customer on reservations (redeemer_partner_id, customer_id) where customer_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index reservations_customer;
      drop index issuances_customer;
      drop index redemptions_refused_customer;
      drop table customer_erasure_links;
      drop table customer_erasures;
    `);
  }
}
