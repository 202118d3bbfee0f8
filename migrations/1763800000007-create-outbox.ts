import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOutbox1763800000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table outbox (
        id uuid primary key,
        topic text not null,
        payload jsonb not null,
        created_at timestamptz not null default now(),
        publish_after timestamptz not null default now() + interval '10 seconds',
        sweeps integer not null default 0,
        failure text
      );
      comment on table outbox is 'work that was committed and not done yet; the worker deletes a row in the transaction that does its work';
      comment on column outbox.publish_after is 'the sweeper publishes the row again from then on';
      create index outbox_due on outbox (publish_after);
      create index outbox_age on outbox (created_at);

      create table idempotency_keys (
        owner text not null,
        key text not null,
        route text not null,
        fingerprint bytea not null,
        status integer,
        headers jsonb,
        body json,
        created_at timestamptz not null default now(),
        primary key (owner, key)
      );
      comment on column idempotency_keys.body is 'json, not jsonb: a replay is answered to the letter';
      create index idempotency_keys_age on idempotency_keys (created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table idempotency_keys; drop table outbox;`);
  }
}
