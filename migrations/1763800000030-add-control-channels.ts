import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddControlChannels1763800000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table campaign_terms add column control_channels uuid[] not null default '{}';
      comment on column campaign_terms.control_channels is 'channels whose daily receipts may be set beside those of the campaign; every participant has approved that';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table campaign_terms drop column control_channels');
  }
}
