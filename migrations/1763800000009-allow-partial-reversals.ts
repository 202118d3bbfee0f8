import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AllowPartialReversals1763800000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reversals
        add column amount bigint check (amount > 0),
        add column currency text,
        add constraint reversals_amount_has_currency check ((amount is null) = (currency is null));
      comment on column reversals.amount is 'the part of the net total that is given back; null: everything that is left';

      alter table reversal_applications
        add column net_remaining bigint not null default 0 check (net_remaining >= 0),
        add constraint reversal_applications_complete_leaves_nothing check (not completes or net_remaining = 0),
        add constraint reversal_applications_use_with_complete check (completes or not use_returned);
      comment on column reversal_applications.net_remaining is 'what this reversal left of the net total of its redemption; a process of the version before writes full reversals only, hence the default';
      create unique index reversal_applications_start
        on reversal_applications (redeemer_partner_id, redemption_id, (net_remaining + net_amount)) where net_amount > 0;
      comment on index reversal_applications_start is 'no two reversals start from the same remainder: the last guard against giving more back than was paid';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index reversal_applications_start;
      alter table reversal_applications
        drop constraint reversal_applications_complete_leaves_nothing,
        drop constraint reversal_applications_use_with_complete,
        drop column net_remaining;
      alter table reversals drop constraint reversals_amount_has_currency, drop column amount, drop column currency;
    `);
  }
}
