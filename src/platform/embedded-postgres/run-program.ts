import { spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import type { ServerUser } from './server-user.js';

/**
 * How to start one of PostgreSQL's programs. Our environment would carry secrets into it, and PGPORT, PGOPTIONS or
 * an odd LC_ALL would change what it does; our working directory may be closed to its user. It gets a session of its
 * own, where Ctrl-C does not reach it.
 */
export function spawnOptions(user: ServerUser, cwd: string): SpawnOptions {
  return { ...user, cwd, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }, detached: true };
}

/** Runs a program to its end. Throws with what it wrote to its standard error when that is not a good one. */
export async function runProgram(
  program: string,
  parameters: readonly string[],
  user: ServerUser,
  cwd: string,
): Promise<void> {
  const child = spawn(program, parameters, {
    ...spawnOptions(user, cwd),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(said.trim());
}
