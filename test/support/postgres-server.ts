import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { anyFreePort } from '../../src/platform/embedded-postgres/free-port.js';
import { initialiseCluster, ROLE } from '../../src/platform/embedded-postgres/initialise-cluster.js';
import {
  findBinaries,
  type PostgresBinaries,
} from '../../src/platform/embedded-postgres/postgres-binaries.js';
import { clusterIn, type ServerHome, settleHome } from '../../src/platform/embedded-postgres/server-home.js';
import { startServer } from '../../src/platform/embedded-postgres/server-process.js';

const START_WITHIN_MS = 60_000;

/**
 * A PostgreSQL of a test's own that can be crashed, stopped and started again on the same port. Every commit is durable, as in
 * production: nobody starts it again but the test.
 */
export class PostgresServer {
  private isUp = false;

  private constructor(
    private readonly home: ServerHome,
    private readonly binaries: PostgresBinaries,
    private readonly password: string,
    private readonly port: number,
  ) {}

  static async start(): Promise<PostgresServer> {
    const quiet = (): void => undefined;
    const home = await settleHome(join(tmpdir(), `tandem-faults-${randomBytes(6).toString('hex')}`), quiet);
    const binaries = await findBinaries(home.user, quiet);
    const password = await initialiseCluster(home, binaries);
    const server = new PostgresServer(home, binaries, password, await anyFreePort());
    await server.start();
    return server;
  }

  get url(): string {
    return `postgres://${ROLE}:${this.password}@127.0.0.1:${this.port}/postgres`;
  }

  /** Starts it (again) and resolves when it takes connections, after a crash also through its recovery. */
  async start(): Promise<void> {
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];
    const parameters = ['-p', String(this.port), ...settings.flatMap((setting) => ['-c', setting])];
    const giveUpAt = performance.now() + START_WITHIN_MS;
    for (;;) {
      const start = await startServer(this.home, this.binaries, parameters, () => (this.isUp = false));
      if (start.kind === 'running') break;
      // Children of the server that was crashed may still be ending.
      if (performance.now() > giveUpAt) throw new Error(start.said);
      await sleep(100);
    }
    this.isUp = true;
  }

  /** Immediate shutdown: like a crash, without a word to anybody and without writing anything down. */
  async crash(): Promise<void> {
    await this.end('SIGQUIT');
  }

  /** Fast shutdown: ends every session, then writes everything down. */
  async stop(): Promise<void> {
    await this.end('SIGINT');
  }

  /** Crashes it and deletes its data. */
  async remove(): Promise<void> {
    await this.crash();
    await rm(this.home.path, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (!this.isUp) return;
    const file = await readFile(join(clusterIn(this.home.path), 'postmaster.pid'), 'utf8');
    process.kill(Number(file.split('\n')[0]), signal);
    while (this.isUp) await sleep(10);
  }
}
