import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddMatchIds1763800000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The default is evaluated for every row, also for those that are there already; gen_random_uuid is a strong source.
    await runner.query(`
      alter table campaigns add column customer_key bytea not null
        default sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea) check (length(customer_key) = 32);
      comment on column campaigns.customer_key is 'secret: makes the match ids of this campaign, leaves the server for nobody';

      alter table campaign_terms add column attribution_lookback_days integer not null default 30
        check (attribution_lookback_days >= 0);

      alter table redemptions add column match_id uuid, add column click_id uuid;
      alter table issuances add column match_id uuid;
      comment on column redemptions.match_id is 'one customer within the campaign, whoever of the participants saw it';
      comment on column issuances.match_id is 'one customer within the campaign, whoever of the participants saw it';
      comment on column redemptions.click_id is 'the touch that the till or shop named, not checked when it was recorded';
      create index redemptions_match on redemptions (redeemer_partner_id, campaign_id, match_id) where match_id is not null;
      create index issuances_match on issuances (redeemer_partner_id, campaign_id, match_id) where match_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table issuances drop column match_id;
      alter table redemptions drop column match_id, drop column click_id;
      alter table campaign_terms drop column attribution_lookback_days;
      alter table campaigns drop column customer_key;
    `);
  }
}
