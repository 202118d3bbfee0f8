import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fchownSync, openSync, readFileSync, statSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresBinaries } from './postgres-binaries.js';
import { runProgram, spawnOptions } from './run-program.js';
import { commandLineOf } from './running-process.js';
import { clusterIn, type ServerHome } from './server-home.js';
import type { Log } from './server-user.js';

const LOG_KEPT_BYTES = 10_000_000;
const POLL_MS = 25;
const SHUTDOWN_SECONDS = 60;
// No system numbers its processes this high, and it still fits into a pid_t.
const NO_PROCESS = 2_147_483_646;

export interface ServerProcess {
  stop(): Promise<void>;
}

interface ServerLog {
  readonly path: string;
  readonly descriptor: number;
  /** What the server wrote since the log was opened. */
  addition(): string;
}

export type ServerStart = { kind: 'running'; server: ServerProcess } | { kind: 'failed'; said: string };

/**
 * Starts the server and waits until it takes connections, after a crash also through its recovery. `onDeath` is
 * called when it ends later on without having been told to.
 */
export async function startServer(
  home: ServerHome,
  binaries: PostgresBinaries,
  parameters: readonly string[],
  onDeath: () => void,
): Promise<ServerStart> {
  const cluster = clusterIn(home.path);
  const logFile = await openLog(home);
  const child = spawn(binaries.postgres, ['-D', cluster, ...parameters], {
    ...spawnOptions(home.user, cluster),
    stdio: ['ignore', logFile.descriptor, logFile.descriptor],
  });
  closeSync(logFile.descriptor);
  child.unref();
  const failure = await untilReady(child, cluster);
  if (failure) return { kind: 'failed', said: `${failure}${logFile.addition()}` };

  const guard = stopWhenWeDie(child);
  let isStopping = false;
  child.once('exit', () => {
    guard?.kill('SIGKILL');
    if (!isStopping) onDeath();
  });
  const stop = async (): Promise<void> => {
    isStopping = true;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.ref();
    await stopServer(home, binaries);
    await ended;
  };
  return { kind: 'running', server: { stop } };
}

/**
 * Stops a server that a killed process of ours left running on this data. When the number in its pid file belongs to
 * some other program by now, or to a dead child that nobody buried, PostgreSQL would take that for a living server:
 * then the number goes. The rest of the file stays, for it tells the new server of children that still run.
 */
export async function stopLeftover(home: ServerHome, binaries: PostgresBinaries, log: Log): Promise<void> {
  const cluster = clusterIn(home.path);
  const pid = (await readPidFile(cluster))?.pid;
  if (pid === undefined) return;
  if (commandLineOf(pid).includes(cluster)) {
    log(`Stopping a PostgreSQL (process ${pid}) that an earlier run left behind.`);
    await stopServer(home, binaries).catch((error: unknown) => {
      if (commandLineOf(pid) !== '') throw error;
    });
  }
  if (!commandLineOf(pid).includes('postgres')) await dropProcessId(cluster);
}

async function dropProcessId(cluster: string): Promise<void> {
  const file = pidFile(cluster);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) await writeFile(file, text.replace(/^\d+/, String(NO_PROCESS)));
}

/** Asks for a fast shutdown, which ends sessions and writes everything down; insists if that hangs. */
async function stopServer(home: ServerHome, binaries: PostgresBinaries): Promise<void> {
  const stopIn = async (mode: string): Promise<void> => {
    const parameters = ['stop', '-D', clusterIn(home.path), '-m', mode, '-w', '-t', String(SHUTDOWN_SECONDS)];
    await runProgram(binaries.pgCtl, parameters, home.user, clusterIn(home.path));
  };
  if (await isDown(home)) return;
  await stopIn('fast').catch(async () => {
    if (!(await isDown(home))) await stopIn('immediate');
  });
}

async function isDown(home: ServerHome): Promise<boolean> {
  return (await readPidFile(clusterIn(home.path))) === undefined;
}

async function untilReady(child: ChildProcess, cluster: string): Promise<string | undefined> {
  let failure: string | undefined;
  child.once('error', (error) => (failure = error.message));
  child.once(
    'exit',
    (code, signal) => (failure = `PostgreSQL ended with ${signal ?? `exit code ${code}`}. `),
  );
  for (;;) {
    if (failure !== undefined) return failure;
    const file = await readPidFile(cluster);
    if (file?.pid === child.pid && file?.status === 'ready') return undefined;
    await sleep(POLL_MS);
  }
}

/** postmaster.pid, src/include/utils/pidfile.h: line 1 is the process id, line 8 the state. */
async function readPidFile(
  cluster: string,
): Promise<{ pid: number; status: string | undefined } | undefined> {
  const text = await readFile(pidFile(cluster), 'utf8').catch(() => undefined);
  const lines = text?.split('\n');
  const pid = Number(lines?.[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, status: lines?.[7]?.trim() } : undefined;
}

function pidFile(cluster: string): string {
  return join(cluster, 'postmaster.pid');
}

/**
 * Ends the server also when this process gets no chance to, as under `kill -9`: the system then closes the pipe that
 * a tiny shell waits at. Windows has no such shell; there the next start stops what was left.
 */
function stopWhenWeDie(server: ChildProcess): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1"', 'tandem-guard', String(server.pid)], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.once('error', () => undefined);
  guard.unref();
  return guard;
}

async function openLog({ path: home, user }: ServerHome): Promise<ServerLog> {
  const path = join(home, 'postgres.log');
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const isFull = size > LOG_KEPT_BYTES;
  if (isFull) await rename(path, `${path}.1`);
  const descriptor = openSync(path, 'a', 0o600);
  // The data may be an ordinary user's who starts it without root next time.
  if (user.uid !== undefined && user.gid !== undefined) fchownSync(descriptor, user.uid, user.gid);
  return {
    path,
    descriptor,
    addition: () =>
      readFileSync(path)
        .subarray(isFull ? 0 : size)
        .toString('utf8')
        .trim(),
  };
}
