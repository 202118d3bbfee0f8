import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePartners1763800000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table partners (
        id uuid primary key,
        name text not null,
        country text not null,
        currency text not null,
        time_zone text not null,
        industry text,
        price_segment text,
        customer_key bytea not null,
        version integer not null default 1,
        created_at timestamptz not null default now()
      );
      comment on column partners.customer_key is 'secret under which this partner''s customer references are hashed';

      create table channels (
        id uuid primary key,
        partner_id uuid not null references partners (id),
        kind text not null check (kind in ('pos', 'online_shop', 'app', 'call_center', 'messenger', 'email', 'sms', 'social', 'print', 'event')),
        name text not null,
        external_ref text,
        time_zone text,
        margin_rate numeric(7, 6) check (margin_rate >= 0 and margin_rate <= 1),
        created_at timestamptz not null default now(),
        unique (partner_id, external_ref)
      );

      create table api_keys (
        id text primary key,
        partner_id uuid references partners (id),
        role text not null check (role in ('operator', 'admin', 'marketer', 'finance', 'pos')),
        channel_id uuid references channels (id),
        label text not null,
        secret_hash bytea not null,
        expires_at timestamptz,
        revoked_at timestamptz,
        created_at timestamptz not null default now(),
        check ((role = 'operator') = (partner_id is null))
      );
      create index api_keys_partner on api_keys (partner_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table api_keys; drop table channels; drop table partners;`);
  }
}
