import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A row about one redeemer's facts says so in `redeemer_partner_id`, and in `facts` how many it names: workers take turns with the
 * redeemers, each turn as many rows as make a handy transaction. A producer writes id, topic, payload, redeemer_partner_id and
 * facts, one row per redeemer. A row without redeemer (coupons to be made) is published and done by its id.
 */
export class ShareOutboxAmongWorkers1763800000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table outbox
        add column redeemer_partner_id uuid,
        add column facts integer not null default 1 check (facts > 0),
        add column attempts integer not null default 0;
      comment on column outbox.redeemer_partner_id is 'whose facts these are: workers take rows by redeemer; null: the row is published and done by its id';
      comment on column outbox.facts is 'how many facts the payload names';
      comment on column outbox.attempts is 'tries that failed for a reason that waiting does not mend';
      comment on column outbox.publish_after is 'from then on the sweeper publishes a row that is done by its id; infinity: parked';

      drop index outbox_due;
      create index outbox_due on outbox (publish_after) where redeemer_partner_id is null or failure is not null;
      create index outbox_redeemer on outbox (topic, redeemer_partner_id, id)
        where redeemer_partner_id is not null and failure is null;
      alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table outbox reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
      drop index outbox_redeemer;
      drop index outbox_due;
      create index outbox_due on outbox (publish_after);
      alter table outbox drop column attempts, drop column facts, drop column redeemer_partner_id;
    `);
  }
}
