import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import { eventually } from '../support/eventually.js';
import { PostgresHolder } from '../support/postgres-holder.js';

// Every step is a start of a real server, and a first one makes a database.
jest.setTimeout(60_000);

// Making a database is the slow part, so most rules are tried on the same one, start after start.
const folder = newFolder();
const folders = [folder];
const KEPT = 'drop table if exists kept; create table kept as select 42 as answer';
let holders: PostgresHolder[] = [];

afterEach(async () => {
  await Promise.all(holders.map((holder) => holder.end('SIGTERM')));
  holders = [];
});

afterAll(async () => {
  await Promise.all(folders.map((made) => rm(made, { recursive: true, force: true, maxRetries: 5 })));
});

function newFolder(): string {
  return join(tmpdir(), `tandem-embedded-${randomBytes(6).toString('hex')}`);
}

const start = async (where = folder, port?: number): Promise<PostgresHolder> => {
  const holder = await PostgresHolder.start(where, port);
  holders.push(holder);
  return holder;
};

const ask = async (url: string, statement: string): Promise<Record<string, unknown>[]> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
};

const serverProcess = async (): Promise<number> =>
  Number((await readFile(join(folder, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]);

describe('the embedded PostgreSQL', () => {
  it('keeps its data and its address between starts', async () => {
    const first = await start();
    await ask(first.url, KEPT);
    await first.end('SIGTERM');
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('makes every commit durable, speaks UTF-8 and listens on this machine only', async () => {
    const { url } = await start();
    const settings = [
      'fsync',
      'synchronous_commit',
      'full_page_writes',
      'server_encoding',
      'listen_addresses',
      'unix_socket_directories',
    ];
    const [row] = await ask(
      url,
      `select ${settings.map((name) => `current_setting('${name}') as ${name}`).join()}`,
    );
    expect(Object.values(row ?? {})).toEqual(['on', 'on', 'on', 'UTF8', '127.0.0.1', '']);
  });

  it('keeps its password from other users of the machine', async () => {
    const { url } = await start();
    expect((await stat(join(folder, 'password'))).mode & 0o077).toBe(0);
    const wrong = url.replace(/:[0-9a-f]+@/, ':guess@');
    await expect(ask(wrong, 'select')).rejects.toThrow('password authentication failed');
  });

  it('tells a second start on its folder who runs there', async () => {
    const first = await start();
    const second = await start();
    expect(second.refusal).toMatch(/^Tandem already runs on \S+ \(process \d+\): stop that one first/);
    expect(await ask(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('ends with its owner, also when that is killed, and the next start finds all that was committed', async () => {
    const first = await start();
    await ask(first.url, KEPT);
    await first.end('SIGKILL');
    const second = await start();
    expect(await ask(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await second.end('SIGKILL');
    await eventually(() => !existsSync(join(folder, 'cluster', 'postmaster.pid')), 20_000);
  });

  it('goes on while its owner still has work to finish after Ctrl-C', async () => {
    const holder = await start();
    holder.pressCtrlC();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await ask(holder.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is started again when it dies', async () => {
    const holder = await start();
    await ask(holder.url, KEPT);
    process.kill(await serverProcess(), 'SIGKILL');
    await holder.says(({ log }) => log?.match(/has died.*starting it again/)?.[0]);
    await eventually(
      async () => (await ask(holder.url, 'select answer from kept').catch(() => [])).length === 1,
      20_000,
    );
  });

  it('makes its database again when the first start was cut short', async () => {
    const fresh = newFolder();
    folders.push(fresh);
    const databases = async (): Promise<string[]> =>
      existsSync(fresh) ? (await readdir(fresh)).filter((name) => name.startsWith('cluster')) : [];
    const cut = PostgresHolder.spawn(fresh);
    await eventually(async () => (await databases()).length > 0, 20_000);
    await cut.end('SIGKILL');
    expect(await databases()).not.toContain('cluster');
    const { url } = await start(fresh);
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await databases()).toEqual(['cluster']);
  });

  it('takes another port when the wished one is taken, and keeps that', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const { port } = occupant.address() as AddressInfo;
    const first = await start(folder, port);
    expect(new URL(first.url).port).not.toBe(String(port));
    await first.end('SIGTERM');
    expect((await start(folder, port)).url).toBe(first.url);
    occupant.close();
  });
});
