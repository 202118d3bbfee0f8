// The PostgreSQL of one test run, as a process of its own: it prints where it is, serves until its standard input is
// closed, and cleans up. The system closes the input also when jest is killed, so nothing stays behind.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { runMigrations } from '../../src/platform/database/data-source.js';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/embedded-postgres.js';
import { databaseUrl, runOnServer, type TestServer } from './test-database.js';

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

// Ctrl-C goes to every process of the terminal: jest ends by it, and we by the end of jest.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// Nobody listens any more when jest ended while we started; the end of the input then comes at once.
process.stdout.on('error', () => undefined);

const given = process.env.TEST_DATABASE_URL;
const server = given ? shared(given) : await startOwn();
const template = `tandem_test_${randomBytes(4).toString('hex')}`;
try {
  await runOnServer(server.url, `create database ${template}`);
  await runMigrations(databaseUrl(server.url, template));
  const answer: TestServer = { TANDEM_TEST_SERVER: server.url, TANDEM_TEST_TEMPLATE: template };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  await once(process.stdin.resume(), 'end');
} finally {
  await server.stop();
}

async function startOwn(): Promise<Server> {
  const dataDir = join(tmpdir(), `tandem-test-${randomBytes(6).toString('hex')}`);
  // These databases are thrown away, so nothing has to survive a power cut. Every test file brings its pools.
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300'];
  const flags = settings.flatMap((setting) => ['-c', setting]);
  const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const postgres = await startEmbeddedPostgres({ dataDir, flags, log: () => undefined });
    return { url: postgres.url, stop: () => postgres.stop().then(() => remove(postgres.folder)) };
  } catch (error) {
    await remove(dataDir);
    throw error;
  }
}

/** A server that is not ours gets back every database that this run made, also those a test file did not drop. */
function shared(url: string): Server {
  const stop = async (): Promise<void> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    const left = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [template],
    );
    await client.end();
    await runOnServer(
      url,
      ...left.rows.map(({ datname }) => `drop database if exists ${datname} with (force)`),
    );
  };
  return { url, stop };
}
