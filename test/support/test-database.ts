import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export interface TestDatabase {
  readonly url: string;
  /** Removes the database, also while connections to it are open. */
  drop(): Promise<void>;
}

/** What the server process of a test run tells the test files: jest hands environment variables on to its workers. */
export interface TestServer {
  readonly TANDEM_TEST_SERVER: string;
  readonly TANDEM_TEST_TEMPLATE: string;
}

/** A database of one's own with the present schema and no rows, cloned from the template of this run. */
export async function testDatabase(): Promise<TestDatabase> {
  const { TANDEM_TEST_SERVER: server, TANDEM_TEST_TEMPLATE: template } = process.env;
  if (!server || !template)
    throw new Error('There is no test server: start this test with jest and its "system" project.');
  const name = `${template}_${randomBytes(4).toString('hex')}`;
  await runOnServer(server, `create database ${name} template ${template}`);
  return {
    url: databaseUrl(server, name),
    drop: () => runOnServer(server, `drop database if exists ${name} with (force)`),
  };
}

/** The address of another database on the same server. */
export function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs statements that concern whole databases; they cannot share a transaction. */
export async function runOnServer(server: string, ...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
