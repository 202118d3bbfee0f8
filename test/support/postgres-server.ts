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
const SETTINGS = [
  ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'],
  // Little is kept of the log of changes, so that it fits on a small disk.
  ...['max_wal_size=48MB', 'min_wal_size=32MB'],
];

/**
 * A PostgreSQL of a test's own that can be crashed, stopped and started again on the same port. Every commit is durable, as in
 * production. One that dies by itself is started again until it runs, as a service manager would.
 */
export class PostgresServer {
  /** How often it died without having been told to. */
  deaths = 0;
  private isUp = false;
  private isWanted = false;

  private constructor(
    private readonly home: ServerHome,
    private readonly binaries: PostgresBinaries,
    private readonly password: string,
    private readonly port: number,
  ) {}

  /** On the data folder `data` below `folder`, which is made. */
  static async start(folder: string = tmpdir()): Promise<PostgresServer> {
    const quiet = (): void => undefined;
    const home = await settleHome(join(folder, `tandem-faults-${randomBytes(6).toString('hex')}`), quiet);
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
    this.isWanted = true;
    const giveUpAt = performance.now() + START_WITHIN_MS;
    for (;;) {
      const failure = await this.launch();
      if (failure === undefined) return;
      // Children of the server that was crashed may still be ending.
      if (performance.now() > giveUpAt) throw new Error(failure);
      await sleep(100);
    }
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

  private async launch(): Promise<string | undefined> {
    const parameters = ['-p', String(this.port), ...SETTINGS.flatMap((setting) => ['-c', setting])];
    const start = await startServer(this.home, this.binaries, parameters, () => this.onEnd());
    if (start.kind === 'failed') return start.said;
    this.isUp = true;
    return undefined;
  }

  private onEnd(): void {
    this.isUp = false;
    if (!this.isWanted) return;
    this.deaths += 1;
    void this.revive();
  }

  private async revive(): Promise<void> {
    while (this.isWanted && (await this.launch()) !== undefined) await sleep(1_000);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    this.isWanted = false;
    if (!this.isUp) return;
    const file = await readFile(join(clusterIn(this.home.path), 'postmaster.pid'), 'utf8');
    process.kill(Number(file.split('\n')[0]), signal);
    while (this.isUp) await sleep(10);
  }
}
