import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TandemError } from '../../kernel/errors.js';
import { startEmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded-postgres.js';
import { ROLE } from './initialise-cluster.js';
import { findHome } from './server-home.js';

/** A database in a data folder, and whose server it is. */
export interface OpenDataFolder {
  readonly url: string;
  /** Ends the server when this call has started it; that of a running Tandem goes on. */
  close(): Promise<void>;
}

/**
 * For programs beside the service: the database of the Tandem that runs on a data folder, or, when none runs, a server of one's own
 * for as long as it is needed. Never makes a database. Throws an operational TandemError when there is none, or none to be had.
 */
export async function openDataFolder(options: EmbeddedPostgresOptions): Promise<OpenDataFolder> {
  const home = await findHome(options.dataDir);
  if (home === undefined) throw noDatabase(options.dataDir);
  try {
    const server = await startEmbeddedPostgres(options);
    return { url: server.url, close: () => server.stop() };
  } catch (error) {
    if (!(error instanceof TandemError) || error.code !== 'embedded-postgres.in-use') throw error;
    return { url: await urlOf(home), close: () => Promise.resolve() };
  }
}

/** As the running process has noted it in its folder. */
async function urlOf(home: string): Promise<string> {
  const [password, port] = await Promise.all(
    ['password', 'port'].map(async (file) => (await readFile(join(home, file), 'utf8')).trim()),
  );
  return `postgres://${ROLE}:${password}@127.0.0.1:${port}/${ROLE}`;
}

function noDatabase(dataDir: string): TandemError {
  return new TandemError(
    'operational',
    'embedded-postgres.no-database',
    `There is no database in ${dataDir}: name the folder in DATA_DIR, or a PostgreSQL in DATABASE_URL.`,
  );
}
