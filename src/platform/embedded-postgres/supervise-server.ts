import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TandemError } from '../../kernel/errors.js';
import { anyFreePort, isFreePort } from './free-port.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import type { ServerHome } from './server-home.js';
import { startServer, type ServerProcess } from './server-process.js';
import type { Log } from './server-user.js';

export interface ServerSetup {
  readonly home: ServerHome;
  readonly binaries: PostgresBinaries;
  readonly flags: readonly string[];
  readonly log: Log;
}

export interface SupervisedServer {
  readonly port: number;
  stop(): Promise<void>;
}

// A killed server leaves children behind for a moment, and until they are gone no other may start.
const PATIENCE_MS = 10_000;
const PAUSE_MS = 200;
const PAUSE_BETWEEN_REVIVALS_MS = 2_000;

/** Starts a server on the wished, the last or any free port, and starts it again on that port whenever it dies. */
export async function superviseServer(
  setup: ServerSetup,
  wishedPort: number | undefined,
): Promise<SupervisedServer> {
  const { home, log } = setup;
  let isWanted = true;
  const onDeath = (): void => {
    if (isWanted) running = revive();
  };
  const revive = async (): Promise<Running | undefined> => {
    log(`PostgreSQL has died, ${join(home.path, 'postgres.log')} says why: starting it again.`);
    while (isWanted) {
      try {
        return await launch(setup, () => Promise.resolve(port), onDeath);
      } catch (error) {
        log(String(error));
        await sleep(PAUSE_BETWEEN_REVIVALS_MS);
      }
    }
    return undefined;
  };

  const first = await launch(setup, () => choosePort(home.path, wishedPort), onDeath);
  const { port } = first;
  let running: Promise<Running | undefined> = Promise.resolve(first);
  await writeFile(portFile(home.path), `${port}\n`);
  return {
    port,
    stop: async () => {
      isWanted = false;
      await (await running)?.server.stop();
    },
  };
}

interface Running {
  readonly server: ServerProcess;
  readonly port: number;
}

async function launch(
  { home, binaries, flags }: ServerSetup,
  nextPort: () => Promise<number>,
  onDeath: () => void,
): Promise<Running> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const port = await nextPort();
    const start = await startServer(home, binaries, [...parametersFor(port), ...flags], onDeath);
    if (start.kind === 'running') return { server: start.server, port };
    // Somebody took the port after we looked, or children of a killed server are still ending: both pass.
    const isPassing = /Address already in use|shared memory block .* is still in use/.test(start.said);
    if (!isPassing || Date.now() > deadline) throw failed(home.path, start.said);
    await sleep(PAUSE_MS);
  }
}

function parametersFor(port: number): string[] {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'log_checkpoints=off'];
  return ['-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
}

async function choosePort(home: string, wished: number | undefined): Promise<number> {
  const last = Number(await readFile(portFile(home), 'utf8').catch(() => '0'));
  for (const port of [wished, last]) {
    if (port && (await isFreePort(port))) return port;
  }
  return anyFreePort();
}

function portFile(home: string): string {
  return join(home, 'port');
}

function failed(home: string, said: string): TandemError {
  return new TandemError(
    'operational',
    'embedded-postgres.failed',
    `PostgreSQL does not start in ${home}. ${said}`,
  );
}
