import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

const BINARY = 'redis-server';
const START_WITHIN_MS = 10_000;

/**
 * Whether tests that need Redis can run. Without the binary they say that they are skipped, so that a machine with nothing but
 * Node can run the rest; where TANDEM_REQUIRE_REDIS=1 (CI) a missing binary is an error.
 */
export function hasRedisServer(): boolean {
  if (spawnSync(BINARY, ['--version']).status === 0) return true;
  if (process.env['TANDEM_REQUIRE_REDIS'] !== '1') return false;
  throw new Error(
    `${BINARY} is not installed, and TANDEM_REQUIRE_REDIS=1 does not allow to skip what needs it.`,
  );
}

/** A real Redis of its own, on a free port, in a temporary directory, with the settings that production needs. */
export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly directory: string,
  ) {}

  static async start(): Promise<RedisServer> {
    if (!hasRedisServer()) throw new Error(`${BINARY} is not installed`);
    const server = new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), 'tandem-redis-')));
    process.once('exit', () => server.child?.kill('SIGKILL'));
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** SIGKILL, as a crash would. What was written stays in the append-only file. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Starts again on the same port with the same data; kills first when it still runs. Resolves when it answers. */
  async restart(): Promise<void> {
    await this.kill();
    const child = spawn(BINARY, this.options(), { stdio: 'ignore' });
    this.child = child;
    await this.answers(child);
  }

  /** Kills it and removes its data. */
  async stop(): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }

  private options(): string[] {
    const settings = {
      port: String(this.port),
      bind: '127.0.0.1',
      dir: this.directory,
      save: '',
      appendonly: 'yes',
      'maxmemory-policy': 'noeviction',
    };
    return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  }

  private async answers(child: ChildProcess): Promise<void> {
    const giveUpAt = performance.now() + START_WITHIN_MS;
    const client = new Redis(this.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    try {
      while (client.status !== 'ready') {
        if (child.exitCode !== null)
          throw new Error(`${BINARY} ended with code ${child.exitCode} on port ${this.port}`);
        if (performance.now() > giveUpAt) throw new Error(`${BINARY} does not answer on port ${this.port}`);
        await sleep(10);
      }
    } finally {
      client.disconnect();
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
