import { ContributionCommands } from '../attribution/contribution.commands.js';
import { TandemError } from '../kernel/errors.js';
import { Database } from '../platform/database/database.js';
import { createDataSource } from '../platform/database/data-source.js';
import { ComparisonRepository } from './comparison.repository.js';
import { ReconcileService } from './reconcile.service.js';
import { RepairRepository } from './repair.repository.js';

export interface OpenReconciliation {
  readonly service: ReconcileService;
  close(): Promise<void>;
}

/**
 * On one connection of its own, without time limits: a comparison of millions takes longer than any request may. `chunk` is how many
 * redemptions one statement compares. Throws when the schema is not that of this version.
 */
export async function openReconciliation(databaseUrl: string, chunk?: number): Promise<OpenReconciliation> {
  const source = createDataSource(databaseUrl, {
    ...{ poolSize: 1, applicationName: 'tandem reconcile' },
    ...{ isUnhurried: true, keepsConnections: true },
  });
  await source.initialize().catch((error: Error) => {
    throw unreachable(error.message);
  });
  try {
    if (await source.showMigrations()) throw outdated();
  } catch (error) {
    await source.destroy();
    throw error;
  }
  const service = new ReconcileService(
    new Database(source),
    new ComparisonRepository(chunk),
    new RepairRepository(),
    new ContributionCommands(),
  );
  return { service, close: () => source.destroy() };
}

function unreachable(why: string): TandemError {
  return new TandemError(
    'operational',
    'reconciliation.no-database',
    `The database could not be opened: ${why}`,
  );
}

function outdated(): TandemError {
  return new TandemError(
    'operational',
    'reconciliation.schema-outdated',
    'The schema of this database is older than this version: start Tandem on it once, which brings it up to date.',
  );
}
