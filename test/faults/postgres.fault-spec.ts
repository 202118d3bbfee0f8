import { afterAll, beforeAll, describe } from '@jest/globals';
import { PostgresServer } from '../support/postgres-server.js';
import { SmallDisk } from '../support/small-disk.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { describeDatabaseFaults } from './database-faults.js';
import { Installation } from './installation.js';
import { describeLineFaults } from './line-faults.js';

const DISK_MB = 400;

describe('an installation on a PostgreSQL of its own', () => {
  let disk: SmallDisk | string;
  let server: PostgresServer;
  let line: TcpProxy;
  let tandem: Installation;

  beforeAll(async () => {
    disk = SmallDisk.mount(DISK_MB);
    server = await PostgresServer.start(typeof disk === 'string' ? undefined : disk.folder);
    line = await TcpProxy.start(server.url);
    // The queue in the same server: everything goes away at once.
    tandem = await Installation.start({
      ...{ apis: 2, workers: 1, queue: 'postgres', database: { url: line.url, watchUrl: server.url } },
    });
  });

  afterAll(async () => {
    if (typeof disk === 'object') disk.free();
    await tandem?.stop();
    await line?.cut();
    await server?.remove();
    if (typeof disk === 'object') disk.unmount();
  });

  describeDatabaseFaults(() => ({ tandem, server, disk }));
  describeLineFaults(() => ({ tandem, line }));
});
