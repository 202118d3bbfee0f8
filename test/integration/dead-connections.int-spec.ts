import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { Connections } from '../../src/platform/database/connections.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { ServerWatch } from '../../src/platform/database/server-watch.js';
import type { Tx } from '../../src/platform/database/tx.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { type TestDatabase, testDatabase } from '../support/test-database.js';

describe('a connection that is open and dead', () => {
  const connections = new Connections();
  let server: TestDatabase;
  let line: TcpProxy;
  let source: DataSource;
  let database: Database;
  let watch: ServerWatch;

  beforeAll(async () => {
    server = await testDatabase();
    line = await TcpProxy.start(server.url);
    source = await createDataSource(line.url, { poolSize: 3 }).initialize();
    database = new Database(source, connections);
    watch = new ServerWatch(connections, line.url);
    watch.onApplicationBootstrap();
  });

  afterAll(async () => {
    await watch?.onModuleDestroy();
    await source?.destroy();
    await line?.cut();
    await server?.drop();
  });

  const lockAndWait = (seconds: number): Promise<void> =>
    database.transaction(async (tx: Tx) => {
      await tx.execute('select pg_advisory_xact_lock(7)');
      line.freeze();
      line.thaw();
      await tx.execute(`select pg_sleep(${seconds})`);
    });

  it('is cut and its locks are free soon after, while a statement that only takes long is waited for', async () => {
    await expect(lockAndWait(0)).rejects.toMatchObject({ code: 'service.unavailable' });
    const answer = database.transaction((tx) =>
      tx.row<{ slept: string }>(`select pg_advisory_xact_lock(7), pg_sleep(8)::text as slept`),
    );
    await expect(answer).resolves.toMatchObject({ slept: '' });
  });

  it('is cut in the middle of a COPY too', async () => {
    await database.read((tx) => tx.execute('create table goods (name text)'));
    const rows = async function* (): AsyncGenerator<string> {
      yield 'first\n';
      line.freeze();
      line.thaw();
      yield 'second\n';
    };
    const copying = database.transaction((tx) => tx.copyIn('copy goods (name) from stdin', rows()));
    await expect(copying).rejects.toMatchObject({ code: 'service.unavailable' });
  });

  it('to a server out of reach: nobody waits for a connection', async () => {
    line.freeze();
    await expect(database.read((tx) => tx.execute('select'))).rejects.toMatchObject({
      code: 'service.unavailable',
    });
    while (connections.isReachable) await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(database.read((tx) => tx.execute('select'))).rejects.toThrow('out of reach');
    line.thaw();
    while (!connections.isReachable) await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(database.read((tx) => tx.execute('select 1'))).resolves.toBe(1);
  });
});
