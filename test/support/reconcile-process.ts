import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../dist/src/reconcile.js', import.meta.url));

export interface ReconcileProcess {
  readonly child: ChildProcess;
  /** How it ended, and all that it printed. */
  readonly end: Promise<{ readonly code: number | null; readonly output: string }>;
}

/** `npm run reconcile` in a process of its own, as built into dist. */
export function reconcileProcess(
  variables: Readonly<Record<string, string>>,
  ...words: readonly string[]
): ReconcileProcess {
  const child = spawn(process.execPath, ['--enable-source-maps', PROGRAM, ...words], {
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const end = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  return { child, end };
}
