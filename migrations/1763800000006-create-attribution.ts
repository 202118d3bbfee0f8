import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAttribution1763800000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table redemption_facts (
        redeemer_partner_id uuid not null,
        redemption_id uuid not null,
        campaign_id uuid not null,
        offer_id uuid not null,
        placement_id uuid not null,
        channel_id uuid not null,
        day date not null,
        redemptions integer not null,
        coupon_redemptions integer not null,
        unknown_customers integer not null,
        refusals integer not null,
        discount bigint not null,
        gift_cost bigint not null,
        primary key (redeemer_partner_id, redemption_id)
      );
      comment on table redemption_facts is 'what each redemption adds to campaign_daily as of now';

      create table promo_receipts (
        redeemer_partner_id uuid not null,
        campaign_id uuid not null,
        grain text not null check (grain in ('campaign', 'offer', 'placement')),
        group_id uuid not null,
        channel_id uuid not null,
        receipt_number text not null,
        day date not null,
        promo_receipts integer not null,
        revenue bigint not null,
        costed_revenue bigint not null,
        cost_of_goods bigint not null,
        primary key (redeemer_partner_id, campaign_id, grain, group_id, channel_id, receipt_number)
      );
      comment on table promo_receipts is 'what each receipt adds to campaign_receipts_daily as of now; once per grain, since a receipt with two codes is one receipt of the campaign and one of each offer';

      create table campaign_customers (
        redeemer_partner_id uuid not null,
        campaign_id uuid not null,
        customer_id uuid not null,
        offer_id uuid not null,
        placement_id uuid not null,
        channel_id uuid not null,
        day date not null,
        new_customers integer not null,
        returning_customers integer not null,
        returning_after_absence integer not null,
        claimed_new integer not null,
        claimed_returning integer not null,
        primary key (redeemer_partner_id, campaign_id, customer_id)
      );
      comment on table campaign_customers is 'what each customer adds to campaign_daily as of now, in the cell of the first accepted redemption';
      create index campaign_customers_customer on campaign_customers (redeemer_partner_id, customer_id);

      create table campaign_daily (
        redeemer_partner_id uuid not null,
        campaign_id uuid not null,
        offer_id uuid not null,
        placement_id uuid not null,
        channel_id uuid not null,
        day date not null,
        redemptions bigint not null default 0,
        coupon_redemptions bigint not null default 0,
        unknown_customers bigint not null default 0,
        refusals bigint not null default 0,
        discount numeric(38, 0) not null default 0,
        gift_cost numeric(38, 0) not null default 0,
        new_customers bigint not null default 0,
        returning_customers bigint not null default 0,
        returning_after_absence bigint not null default 0,
        claimed_new bigint not null default 0,
        claimed_returning bigint not null default 0,
        primary key (redeemer_partner_id, campaign_id, offer_id, placement_id, channel_id, day)
      );
      comment on table campaign_daily is 'sums are numeric: one partner''s absurd amounts must not overflow a cell and stop the worker';
      create index campaign_daily_campaign on campaign_daily (campaign_id, day);

      create table campaign_receipts_daily (
        redeemer_partner_id uuid not null,
        campaign_id uuid not null,
        grain text not null,
        group_id uuid not null,
        channel_id uuid not null,
        day date not null,
        promo_receipts bigint not null default 0,
        revenue numeric(38, 0) not null default 0,
        costed_revenue numeric(38, 0) not null default 0,
        cost_of_goods numeric(38, 0) not null default 0,
        primary key (redeemer_partner_id, campaign_id, grain, group_id, channel_id, day)
      );
      create index campaign_receipts_daily_campaign on campaign_receipts_daily (campaign_id, grain, day);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table campaign_receipts_daily; drop table campaign_daily; drop table campaign_customers;
      drop table promo_receipts; drop table redemption_facts;
    `);
  }
}
