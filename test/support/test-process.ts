import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const START_WITHIN_MS = 60_000;

export interface TestProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Asks it to stop and waits. */
  stop(): Promise<void>;
  /** Ends it as a power cut would, and waits. */
  kill(): Promise<void>;
}

// When jest itself is killed or fails, nothing it started stays behind.
const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A Tandem process of its own, as built into dist, on a free port. `flags` are for Node. */
export async function testProcess(
  variables: Record<string, string>,
  flags: readonly string[] = [],
): Promise<TestProcess> {
  const child = spawn(process.execPath, ['--enable-source-maps', ...flags, MAIN], {
    env: { PATH: process.env['PATH'], PORT: '0', DEMO: 'off', LOG_LEVEL: 'warn', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  const printed = listen(child);
  const url = await answersAt(child, printed);
  return {
    url,
    child,
    output: () => printed.text,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

interface Printed {
  text: string;
}

function listen(child: ChildProcess): Printed {
  const printed = { text: '' };
  const read = (chunk: Buffer): void => void (printed.text += chunk.toString());
  child.stdout?.on('data', read);
  child.stderr?.on('data', read);
  return printed;
}

function answersAt(child: ChildProcess, printed: Printed): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`Tandem did not start (${why}):\n${printed.text}`));
    };
    const timer = setTimeout(() => fail('too slow'), START_WITHIN_MS);
    child.once('exit', (code) => fail(`exit code ${code}`));
    child.stdout?.on('data', () => {
      const url = /answers at (http:\S+)/.exec(printed.text)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
  });
}
