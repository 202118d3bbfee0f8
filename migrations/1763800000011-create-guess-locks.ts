import type { MigrationInterface, QueryRunner } from 'typeorm';

/** No foreign keys: the table belongs to the redeemer's tills as the hot tables do, and is written beside them. */
export class CreateGuessLocks1763800000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table guess_locks (
        redeemer_partner_id uuid not null,
        api_key_id text not null,
        channel_id uuid not null,
        id uuid not null,
        debt double precision not null default 0 check (debt >= 0),
        measured_at timestamptz not null default now(),
        locks_in_row integer not null default 0 check (locks_in_row >= 0),
        locked_until timestamptz,
        primary key (redeemer_partner_id, api_key_id, channel_id),
        constraint guess_locks_id unique (redeemer_partner_id, id)
      );
      comment on table guess_locks is 'how much a key has guessed at a channel; a row is there once it failed, a lock when locked_until is ahead';
      comment on column guess_locks.debt is 'failed look-ups not forgiven yet, as of measured_at';
      comment on column guess_locks.locks_in_row is 'locks without a quiet day between them: the next one is longer';
      create index guess_locks_until on guess_locks (locked_until) where locked_until is not null;

      create index codes_live_words on codes (redeemer_partner_id, id) where kind = 'code_word' and live;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index codes_live_words; drop table guess_locks;`);
  }
}
