import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateTouches1763800000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table touches (
        redeemer_partner_id uuid not null,
        campaign_id uuid not null,
        id uuid not null,
        offer_id uuid not null,
        placement_id uuid not null,
        poster_partner_id uuid not null,
        external_id text,
        fingerprint bytea,
        link_id uuid,
        kind text not null check (kind in ('click', 'visit', 'exposure')),
        match_id uuid,
        occurred_at timestamptz not null,
        recorded_at timestamptz not null default now(),
        primary key (redeemer_partner_id, campaign_id, id),
        constraint touches_external_id unique (redeemer_partner_id, poster_partner_id, external_id),
        check ((external_id is null) = (fingerprint is null)),
        check ((external_id is null) = (link_id is not null))
      );
      comment on table touches is
        'contacts of a customer with a placement that were posted, or counted behind a link; issuances are touches too and stay where they are';
      create index touches_match on touches (redeemer_partner_id, campaign_id, match_id, occurred_at) where match_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table touches`);
  }
}
