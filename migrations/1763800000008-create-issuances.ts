import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateIssuances1763800000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table offer_terms
        add column issuance_minimum_receipt bigint check (issuance_minimum_receipt > 0),
        add column issuance_ceiling integer check (issuance_ceiling > 0),
        add column issuance_valid_days integer check (issuance_valid_days >= 0);
      comment on column offer_terms.issuance_minimum_receipt is 'minor units of the campaign currency';

      alter table coupon_batches
        add column is_pool boolean not null default false,
        add column handed_over_at timestamptz;
      comment on column coupon_batches.is_pool is 'holds the coupons that are issued one by one at the tills; generated counts those in pool_coupons too';
      comment on column coupon_batches.handed_over_at is 'when its coupons were first fetched; a revoked batch that nobody fetched was never given out';
      update coupon_batches set handed_over_at = coalesce(finished_at, created_at);
      create unique index coupon_batches_pool on coupon_batches (offer_id) where is_pool;

      create table pool_coupons (
        redeemer_partner_id uuid not null,
        offer_id uuid not null,
        id uuid not null,
        batch_id uuid not null references coupon_batches (id),
        code_key text not null,
        display text not null,
        is_low_mark boolean not null default false,
        primary key (redeemer_partner_id, offer_id, id)
      );
      comment on table pool_coupons is 'coupons that nobody has yet; an issuance moves one to codes, where a till finds it';
      comment on column pool_coupons.is_low_mark is 'whoever takes this one makes more';

      create table issuances (
        redeemer_partner_id uuid not null,
        offer_id uuid not null,
        id uuid not null,
        campaign_id uuid not null,
        issuer_partner_id uuid not null,
        channel_id uuid not null,
        placement_id uuid not null,
        terms_version integer not null,
        external_id text not null,
        fingerprint bytea not null,
        code_id uuid not null,
        expires_at timestamptz not null,
        receipt_number text,
        receipt_total bigint check (receipt_total >= 0),
        receipt_currency text,
        customer_id uuid,
        issued_at timestamptz not null default now(),
        primary key (redeemer_partner_id, offer_id, id),
        constraint issuances_external_id unique (redeemer_partner_id, offer_id, external_id),
        constraint issuances_receipt unique (redeemer_partner_id, offer_id, channel_id, receipt_number),
        constraint issuances_code unique (redeemer_partner_id, code_id),
        foreign key (redeemer_partner_id, code_id) references codes (redeemer_partner_id, id),
        check (num_nulls(receipt_number, receipt_total, receipt_currency) in (0, 3))
      );
      comment on table issuances is 'append-only: a coupon given to one customer through one channel';
      comment on column issuances.customer_id is 'by the key of the issuer, so not comparable with customers of the redeemer';
      comment on column issuances.expires_at is 'what the customer was told; an amendment of the campaign may make it later';

      create table issuance_counters (
        redeemer_partner_id uuid not null,
        offer_id uuid not null,
        placement_id uuid not null,
        slot smallint not null,
        issued bigint not null,
        primary key (redeemer_partner_id, offer_id, placement_id, slot)
      ) with (fillfactor = 50);
      comment on table issuance_counters is 'issuances per placement, for reports; spread over slots, so that tills do not wait for one row';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table issuance_counters; drop table issuances; drop table pool_coupons;
      drop index coupon_batches_pool;
      alter table coupon_batches drop column is_pool, drop column handed_over_at;
      alter table offer_terms drop column issuance_minimum_receipt, drop column issuance_ceiling,
        drop column issuance_valid_days;
    `);
  }
}
