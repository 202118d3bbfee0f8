import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddReciprocityTolerance1763800000041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table campaign_terms
        add column reciprocity_tolerance numeric(6, 3)
        check (reciprocity_tolerance >= 0 and reciprocity_tolerance <= 100);
      comment on column campaign_terms.reciprocity_tolerance is 'percent of what two partners sent each other that may be missing on one side; null: none was agreed';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table campaign_terms drop column reciprocity_tolerance');
  }
}
