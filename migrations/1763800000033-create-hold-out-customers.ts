import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateHoldOutCustomers1763800000033 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table hold_out_customers (
        redeemer_partner_id uuid not null,
        campaign_id uuid not null,
        match_id uuid not null,
        arm text not null check (arm in ('treated', 'held_out')),
        assigned_at timestamptz not null default now(),
        primary key (redeemer_partner_id, campaign_id, match_id)
      );
      comment on table hold_out_customers is
        'customers for whom a code was asked in a campaign with a hold-out, and whether they may get one; what they do at the redeemer from then on is compared';
      create table hold_out_links (
        redeemer_partner_id uuid not null,
        campaign_id uuid not null,
        customer_id uuid not null,
        match_id uuid not null,
        primary key (redeemer_partner_id, campaign_id, customer_id)
      );
      comment on table hold_out_links is
        'customers of the redeemer''s receipts by their ids within its campaigns with a hold-out: a receipt itself knows only the former';
      create index hold_out_links_match on hold_out_links (redeemer_partner_id, campaign_id, match_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table hold_out_links, hold_out_customers');
  }
}
