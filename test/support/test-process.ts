import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const START_WITHIN_MS = 30_000;

export interface TestProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Asks it to stop and waits. */
  stop(): Promise<void>;
}

/** A Tandem process of its own, as built into dist, on a free port. */
export async function testProcess(variables: Record<string, string>): Promise<TestProcess> {
  const child = spawn(process.execPath, ['--enable-source-maps', MAIN], {
    env: { PATH: process.env['PATH'], PORT: '0', DEMO: 'off', LOG_LEVEL: 'warn', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await answersAt(child);
  return {
    url,
    child,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function answersAt(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`Tandem did not start (${why}):\n${output}`));
    };
    const timer = setTimeout(() => fail('too slow'), START_WITHIN_MS);
    child.once('exit', (code) => fail(`exit code ${code}`));
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const url = /answers at (http:\S+)/.exec(output)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
  });
}
