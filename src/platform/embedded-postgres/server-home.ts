import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { TandemError } from '../../kernel/errors.js';
import { canReach, SHARED_STATE, userForRoot, type Log, type ServerUser } from './server-user.js';

/** Where a server lives and as whom: `cluster/` with the data, and beside it the password, the port, the log. */
export interface ServerHome {
  readonly path: string;
  readonly user: ServerUser;
}

/**
 * Settles where the data wished for in `dataDir` really goes. That is `dataDir` itself, unless root runs us and the
 * user that PostgreSQL then runs as cannot get there, as below /root: then it is a folder of its own below /var/lib.
 */
export async function settleHome(dataDir: string, log: Log): Promise<ServerHome> {
  const wished = await realPlace(resolve(dataDir));
  if (process.getuid?.() !== 0) return { path: await ownHome(wished), user: {} };

  // Data of an earlier start stays where it is and with whom it is, whatever has been opened or closed since.
  const apart = homeApart(wished);
  if (hasDatabase(apart))
    return sayApart({ path: apart, user: await ownerOf(clusterIn(apart)) }, wished, log);
  if (hasDatabase(wished)) return reachable({ path: wished, user: await ownerOf(clusterIn(wished)) });

  const user = await userForRoot(log);
  const above = existsSync(wished) ? wished : dirname(wished);
  const isOpen = await canReach(above, user);
  const path = isOpen ? wished : apart;
  await makeFor(user, path);
  return isOpen ? { path, user } : sayApart({ path, user }, wished, log);
}

/** Where `settleHome` put the data of an earlier start; undefined when there is none. Makes nothing. */
export async function findHome(dataDir: string): Promise<string | undefined> {
  const wished = existsSync(dataDir) ? await realpath(dataDir) : resolve(dataDir);
  const places = process.getuid?.() === 0 ? [homeApart(wished), wished] : [wished];
  return places.find(hasDatabase);
}

/** One folder has one name, however it is reached: the name is compared with those of earlier starts. */
async function realPlace(path: string): Promise<string> {
  if (existsSync(path)) return realpath(path);
  await mkdir(dirname(path), { recursive: true });
  return join(await realpath(dirname(path)), basename(path));
}

export function clusterIn(home: string): string {
  return join(home, 'cluster');
}

/** initdb writes this file early, but in a folder of another name: see initialiseCluster. */
export function hasDatabase(home: string): boolean {
  return existsSync(join(clusterIn(home), 'global', 'pg_control'));
}

async function ownHome(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const owner = hasDatabase(path) ? (await stat(clusterIn(path))).uid : (await stat(path)).uid;
  if (process.platform !== 'win32' && owner !== process.getuid?.()) {
    throw unusable(
      `${path} belongs to another user (id ${owner}): start Tandem as that user, or with another DATA_DIR.`,
    );
  }
  return path;
}

async function reachable(home: ServerHome): Promise<ServerHome> {
  if (await canReach(home.path, home.user)) return home;
  throw unusable(
    `The data in ${home.path} belongs to user id ${home.user.uid}, who may not enter a folder above it: let others pass it (chmod o+x).`,
  );
}

function homeApart(wished: string): string {
  return join(SHARED_STATE, `tandem-${createHash('sha256').update(wished).digest('hex').slice(0, 12)}`);
}

function sayApart(home: ServerHome, wished: string, log: Log): ServerHome {
  log(`PostgreSQL cannot run as root, and its user may not enter ${wished}: the data is in ${home.path}.`);
  return home;
}

async function makeFor(user: Required<ServerUser>, path: string): Promise<void> {
  const isNew = await mkdir(path, { recursive: true, mode: 0o700 }).catch((error: Error) => {
    throw unusable(`${error.message}: set DATA_DIR to a folder outside /root, or DATABASE_URL.`);
  });
  if (!isNew) return;
  await chown(path, user.uid, user.gid);
  await chmod(path, 0o700);
}

async function ownerOf(cluster: string): Promise<Required<ServerUser>> {
  const { uid, gid } = await stat(cluster);
  if (uid === 0)
    throw unusable(`${cluster} belongs to root, whom PostgreSQL does not run as: chown it to another user.`);
  return { uid, gid };
}

function unusable(sentence: string): TandemError {
  return new TandemError('operational', 'embedded-postgres.folder', sentence);
}
