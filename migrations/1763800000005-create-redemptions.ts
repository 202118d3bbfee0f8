import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRedemptions1763800000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table redemptions (
        redeemer_partner_id uuid not null,
        id uuid not null,
        external_id text not null,
        fingerprint bytea not null,
        status text not null check (status in ('accepted', 'refused')),
        reason text,
        typed_code text not null,
        code_id uuid,
        offer_id uuid,
        campaign_id uuid,
        placement_id uuid,
        terms_version integer,
        channel_id uuid not null,
        customer_id uuid,
        customer_status text check (customer_status in ('new', 'returning')),
        clerk text,
        occurred_at timestamptz not null,
        received_at timestamptz not null,
        recorded_at timestamptz not null default now(),
        day date,
        receipt_number text not null,
        currency text not null,
        subtotal bigint not null check (subtotal >= 0),
        discount bigint not null check (discount >= 0),
        computed_discount bigint not null check (computed_discount >= 0),
        cost_of_goods bigint check (cost_of_goods >= 0),
        gift_cost bigint not null default 0 check (gift_cost >= 0),
        offline boolean not null,
        honoured_over_limit boolean not null default false,
        primary key (redeemer_partner_id, id),
        constraint redemptions_external_id unique (redeemer_partner_id, external_id),
        check ((status = 'refused') = (reason is not null)),
        check (status = 'refused' or (code_id is not null and terms_version is not null and day is not null)),
        check (status = 'refused' or discount <= subtotal)
      );
      comment on table redemptions is 'append-only: every attempt with its outcome, never updated; what happens to it later is in reversal_applications and the facts';
      comment on column redemptions.day is 'local date of occurred_at in the campaign zone';
      create index redemptions_receipt on redemptions (redeemer_partner_id, channel_id, receipt_number) where status = 'accepted';
      create index redemptions_customer on redemptions (redeemer_partner_id, customer_id, occurred_at) where status = 'accepted' and customer_id is not null;
      create index redemptions_campaign on redemptions (campaign_id, redeemer_partner_id, id);

      create table reversals (
        redeemer_partner_id uuid not null,
        id uuid not null,
        external_id text not null,
        fingerprint bytea not null,
        redemption_external_id text not null,
        reason text not null,
        occurred_at timestamptz not null,
        received_at timestamptz not null,
        recorded_at timestamptz not null default now(),
        primary key (redeemer_partner_id, id),
        constraint reversals_external_id unique (redeemer_partner_id, external_id)
      );
      create index reversals_redemption on reversals (redeemer_partner_id, redemption_external_id);

      create table reversal_applications (
        redeemer_partner_id uuid not null,
        redemption_id uuid not null,
        reversal_id uuid not null,
        net_amount bigint not null check (net_amount >= 0),
        discount_amount bigint not null check (discount_amount >= 0),
        completes boolean not null,
        use_returned boolean not null,
        applied_at timestamptz not null default now(),
        primary key (redeemer_partner_id, redemption_id, reversal_id)
      );
      comment on column reversal_applications.completes is 'the reversals of this redemption now sum to its full amount';
      create unique index reversal_applications_complete on reversal_applications (redeemer_partner_id, redemption_id) where completes;
      create index reversal_applications_reversal on reversal_applications (redeemer_partner_id, reversal_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table reversal_applications; drop table reversals; drop table redemptions;`);
  }
}
