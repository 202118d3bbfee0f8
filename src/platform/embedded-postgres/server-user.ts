import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { TandemError } from '../../kernel/errors.js';

const run = promisify(execFile);

/** Whom the server's processes run as; empty for "as ourselves". Spreads into the options of `spawn`. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** Where root puts what its own folders would hide from that user: only root writes here, and it outlives a restart. */
export const SHARED_STATE = '/var/lib';

export type Log = (message: string) => void;

/** PostgreSQL refuses to run as root, so root lends it the user `postgres`, or makes that user first. */
export async function userForRoot(log: Log): Promise<Required<ServerUser>> {
  const existing = await lookUp('postgres');
  if (existing) return existing;
  try {
    await run('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ]);
    log('Made the system user postgres, because PostgreSQL does not run as root.');
  } catch {
    // A container without useradd, or with a read-only /etc: the account every Unix has will do.
  }
  const user = (await lookUp('postgres')) ?? (await lookUp('nobody'));
  if (user) return user;
  throw new TandemError(
    'operational',
    'embedded-postgres.no-user',
    'PostgreSQL does not run as root and there is no other user here: run Tandem as an ordinary user, or set DATABASE_URL.',
  );
}

async function lookUp(name: string): Promise<Required<ServerUser> | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => (await run('id', [flag, name])).stdout),
    );
    return { uid: Number(uid), gid: Number(gid) };
  } catch {
    return undefined;
  }
}

/** Whether `user` may enter, or execute, `path` and may pass every folder above it. */
export async function canReach(path: string, user: ServerUser): Promise<boolean> {
  const { mode, uid, gid } = await stat(path);
  const mayExecute = uid === user.uid ? mode & 0o100 : gid === user.gid ? mode & 0o010 : mode & 0o001;
  if (!mayExecute) return false;
  const parent = dirname(path);
  return parent === path || (await canReach(parent, user));
}
