import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddHoldOutShare1763800000032 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table campaign_terms
        add column hold_out_share numeric(4, 3) check (hold_out_share > 0 and hold_out_share <= 0.5);
      comment on column campaign_terms.hold_out_share is 'share of the customers from whom codes are withheld; null: from nobody';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table campaign_terms drop column hold_out_share');
  }
}
