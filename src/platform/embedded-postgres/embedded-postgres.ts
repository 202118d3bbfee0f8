import { Client } from 'pg';
import { claimFolder } from './claim-folder.js';
import { initialiseCluster, ROLE } from './initialise-cluster.js';
import { findBinaries } from './postgres-binaries.js';
import { settleHome } from './server-home.js';
import { stopLeftover } from './server-process.js';
import type { Log } from './server-user.js';
import { superviseServer, type SupervisedServer } from './supervise-server.js';

export interface EmbeddedPostgresOptions {
  /** Folder for the data; made when missing, kept between starts. */
  readonly dataDir: string;
  /** The port to use if it is free. Otherwise, and when unset, a free one is chosen and kept for later starts. */
  readonly port?: number | undefined;
  /** More parameters for `postgres`, such as `-c`, `max_connections=300`. Without any, every commit is durable. */
  readonly flags?: readonly string[];
  /** Takes a sentence about what whoever runs this should know, a warning; ordinary starts and stops say nothing. */
  readonly log: Log;
}

export interface EmbeddedPostgres {
  readonly url: string;
  /** Where the data really is: `dataDir`, or a folder below /var/lib when root's own folders are closed to the server. */
  readonly folder: string;
  /** Shuts the server down and waits for it; call it after everything that uses the database. */
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL from the npm package on `dataDir`, on 127.0.0.1 only and behind a random password.
 * It is started again if it dies, and ends with `stop()`, or by itself when this process dies; no signal that we get
 * reaches it. Install signal handlers before the call, so that a signal during the first start is not a sudden end.
 * Throws an operational TandemError, among them `embedded-postgres.in-use` when another process runs on the folder.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = await settleHome(options.dataDir, options.log);
  const release = claimFolder(home.path);
  let server: SupervisedServer | undefined;
  const shutDown = async (): Promise<void> => {
    try {
      await server?.stop();
    } finally {
      release();
    }
  };
  try {
    const binaries = await findBinaries(home.user, options.log);
    await stopLeftover(home, binaries, options.log);
    const password = await initialiseCluster(home, binaries);
    server = await superviseServer(
      { home, binaries, flags: options.flags ?? [], log: options.log },
      options.port,
    );
    const url = `postgres://${ROLE}:${password}@127.0.0.1:${server.port}`;
    await makeDatabase(`${url}/postgres`);
    let stopping: Promise<void> | undefined;
    return { url: `${url}/${ROLE}`, folder: home.path, stop: () => (stopping ??= shutDown()) };
  } catch (error) {
    await shutDown();
    throw error;
  }
}

async function makeDatabase(adminUrl: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('select from pg_database where datname = $1', [ROLE]);
    if (found.rowCount === 0) await client.query(`create database ${ROLE}`);
  } finally {
    await client.end();
  }
}
