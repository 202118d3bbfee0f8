import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddOfflineReporting1763800000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table campaign_terms add column offline_bearer text check (offline_bearer in ('redeemer', 'funders'));
      comment on column campaign_terms.offline_bearer is 'who bears what is honoured over a limit; only with the mode honour';
      update campaign_terms set offline_bearer = 'redeemer' where offline_mode = 'honour';
      alter table campaign_terms add constraint campaign_terms_bearer_when_honouring
        check ((offline_mode = 'honour') = (offline_bearer is not null));

      alter table redemptions
        add column over_limit_bearer text check (over_limit_bearer in ('redeemer', 'funders')),
        add column leaked_discount bigint not null default 0 check (leaked_discount >= 0);
      comment on column redemptions.leaked_discount is 'what the till took off although the code was refused';
      update redemptions set over_limit_bearer = 'redeemer' where honoured_over_limit;
      alter table redemptions
        add constraint redemptions_bearer_over_limit check (honoured_over_limit = (over_limit_bearer is not null)),
        add constraint redemptions_leak_when_refused check (status = 'refused' or leaked_discount = 0);

      alter table redemption_facts
        add column leakage bigint not null default 0,
        add column offline_leakage bigint not null default 0;
      alter table campaign_daily
        add column leakage numeric(38, 0) not null default 0,
        add column offline_leakage numeric(38, 0) not null default 0;

      create table channel_clocks (
        redeemer_partner_id uuid not null,
        channel_id uuid not null references channels (id),
        skew_ms bigint not null,
        posts bigint not null,
        since timestamptz not null,
        seen_at timestamptz not null,
        primary key (redeemer_partner_id, channel_id)
      );
      comment on table channel_clocks is 'tills whose clock looks wrong; a channel without a row is fine, or nobody knows';
      comment on column channel_clocks.skew_ms is 'how far the till is ahead of the database; negative: behind';
      comment on column channel_clocks.posts is 'posts that say so, from since to seen_at';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table channel_clocks;
      alter table campaign_daily drop column leakage, drop column offline_leakage;
      alter table redemption_facts drop column leakage, drop column offline_leakage;
      alter table redemptions drop column over_limit_bearer, drop column leaked_discount;
      alter table campaign_terms drop column offline_bearer;
    `);
  }
}
