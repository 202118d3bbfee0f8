import pg from 'pg';
import { eventually } from './eventually.js';

/** Waits until the worker has attributed everything that was recorded on this database. */
export async function attributed(databaseUrl: string, withinMs = 30_000): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await eventually(async () => (await client.query('select from outbox limit 1')).rowCount === 0, withinMs);
  } finally {
    await client.end();
  }
}
