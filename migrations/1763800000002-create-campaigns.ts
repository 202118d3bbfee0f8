import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateCampaigns1763800000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table campaigns (
        id uuid primary key,
        name text not null,
        kind text not null check (kind in ('tactical', 'strategic', 'cultural')),
        currency text not null,
        time_zone text not null,
        lead_partner_id uuid references partners (id),
        latest_version integer not null default 1,
        effective_version integer,
        ended_at timestamptz,
        revision integer not null default 1,
        created_at timestamptz not null default now()
      );
      comment on column campaigns.latest_version is 'newest version of the terms, approved or not';
      comment on column campaigns.effective_version is 'newest version that every participant approved; null while a draft';
      comment on column campaigns.revision is 'counts every change, for the ETag';

      create table campaign_participants (
        campaign_id uuid not null references campaigns (id),
        partner_id uuid not null references partners (id),
        role text not null check (role in ('locomotive', 'wagon', 'equal')),
        primary key (campaign_id, partner_id)
      );
      create index campaign_participants_partner on campaign_participants (partner_id);

      create table campaign_terms (
        campaign_id uuid not null references campaigns (id),
        version integer not null,
        starts_on date not null,
        ends_on date not null,
        redeem_until date,
        starts_at timestamptz not null,
        redeem_before timestamptz not null,
        income_basis text not null check (income_basis in ('revenue', 'margin', 'incremental_profit')),
        new_customer_lookback_days integer not null,
        returning_after_days integer not null,
        return_use text not null check (return_use in ('always', 'never', 'void_only')),
        void_minutes integer,
        offline_mode text not null check (offline_mode in ('refuse', 'accept', 'honour')),
        offline_max_delay_hours integer not null,
        budget jsonb,
        targets jsonb,
        approved_at timestamptz,
        created_at timestamptz not null default now(),
        primary key (campaign_id, version),
        check (ends_on >= starts_on),
        check (redeem_until >= ends_on),
        check ((return_use = 'void_only') = (void_minutes is not null))
      );

      create table campaign_approvals (
        campaign_id uuid not null,
        version integer not null,
        partner_id uuid not null,
        api_key_id text not null references api_keys (id),
        approved_at timestamptz not null default now(),
        primary key (campaign_id, version, partner_id),
        foreign key (campaign_id, version) references campaign_terms (campaign_id, version),
        foreign key (campaign_id, partner_id) references campaign_participants (campaign_id, partner_id)
      );

      create table campaign_pauses (
        campaign_id uuid not null references campaigns (id),
        paused_at timestamptz not null,
        resumed_at timestamptz,
        primary key (campaign_id, paused_at),
        check (resumed_at >= paused_at)
      );
      create unique index campaign_pauses_open on campaign_pauses (campaign_id) where resumed_at is null;

      create table offers (
        id uuid primary key,
        campaign_id uuid not null references campaigns (id),
        issuer_partner_id uuid not null,
        redeemer_partner_id uuid not null,
        position integer not null,
        created_at timestamptz not null default now(),
        foreign key (campaign_id, issuer_partner_id) references campaign_participants (campaign_id, partner_id),
        foreign key (campaign_id, redeemer_partner_id) references campaign_participants (campaign_id, partner_id),
        unique (campaign_id, position)
      );

      create table offer_terms (
        offer_id uuid not null references offers (id),
        version integer not null,
        reward jsonb not null,
        minimum_spend bigint check (minimum_spend >= 0),
        maximum_discount bigint check (maximum_discount >= 0),
        per_code_limit integer check (per_code_limit > 0),
        per_customer_limit integer check (per_customer_limit > 0),
        total_limit integer check (total_limit > 0),
        daily_limit integer check (daily_limit > 0),
        funding jsonb,
        primary key (offer_id, version)
      );

      create table placements (
        id uuid primary key,
        offer_id uuid not null references offers (id),
        channel_id uuid references channels (id),
        label text not null,
        created_at timestamptz not null default now(),
        unique nulls not distinct (offer_id, channel_id, label)
      );

      create table cost_entries (
        id uuid primary key,
        campaign_id uuid not null,
        payer_partner_id uuid not null,
        category text not null,
        amount bigint not null check (amount >= 0),
        incurred_on date not null,
        planned boolean not null,
        note text,
        recorded_by_key_id text not null references api_keys (id),
        recorded_at timestamptz not null default now(),
        foreign key (campaign_id, payer_partner_id) references campaign_participants (campaign_id, partner_id)
      );
      comment on column cost_entries.amount is 'minor units of the campaign currency';
      create index cost_entries_campaign on cost_entries (campaign_id, incurred_on);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table cost_entries; drop table placements; drop table offer_terms; drop table offers;
      drop table campaign_pauses; drop table campaign_approvals; drop table campaign_terms;
      drop table campaign_participants; drop table campaigns;
    `);
  }
}
