import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePlacementLinks1763800000022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table placement_links (
        id uuid primary key,
        token text not null unique,
        placement_id uuid not null references placements (id),
        offer_id uuid not null references offers (id),
        campaign_id uuid not null references campaigns (id),
        issuer_partner_id uuid not null references partners (id),
        redeemer_partner_id uuid not null references partners (id),
        target_url text not null,
        label text,
        created_by_key_id text not null references api_keys (id),
        created_at timestamptz not null default now()
      );
      comment on table placement_links is 'never changed: processes keep them in memory for as long as they run';
      create index placement_links_placement on placement_links (placement_id, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table placement_links`);
  }
}
