import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TandemError } from '../../kernel/errors.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { runProgram } from './run-program.js';
import { clusterIn, hasDatabase, type ServerHome } from './server-home.js';

/** The one role of an embedded server and its database have the same name. */
export const ROLE = 'tandem';
const DRAFT = 'cluster.new-';

/**
 * Makes the data folder unless it is there, and answers the password of its role. The folder is filled under another
 * name and renamed when complete, so one that was cut short by `kill -9` is never taken for a database.
 */
export async function initialiseCluster(home: ServerHome, binaries: PostgresBinaries): Promise<string> {
  const cluster = clusterIn(home.path);
  await removeDrafts(home.path);
  if (hasDatabase(home.path)) return readPassword(home.path);

  const password = await choosePassword(home);
  const draft = await mkdtemp(join(home.path, DRAFT));
  await giveTo(home, draft);
  await runInitdb(binaries.initdb, draft, home);
  await rename(draft, cluster).catch(() => {
    throw new TandemError(
      'operational',
      'embedded-postgres.folder',
      `${cluster} holds files but no complete database: move it away and start again.`,
    );
  });
  return password;
}

async function runInitdb(initdb: string, folder: string, home: ServerHome): Promise<void> {
  const parameters = [
    `--pgdata=${folder}`,
    `--username=${ROLE}`,
    `--pwfile=${passwordFile(home.path)}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Sorts by code point, the same on every system; UTF-8 aware lower() and upper() all the same.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ];
  await runProgram(initdb, parameters, home.user, folder).catch((error: Error) => {
    throw new TandemError(
      'operational',
      'embedded-postgres.failed',
      `No database could be made in ${home.path}. ${error.message}`,
    );
  });
}

/** Written before initdb reads it and kept beside the data; a later attempt uses the same one. */
async function choosePassword(home: ServerHome): Promise<string> {
  const file = passwordFile(home.path);
  if (!existsSync(file)) {
    await writeFile(`${file}.new`, randomBytes(24).toString('hex'), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
  await giveTo(home, file);
  return readPassword(home.path);
}

async function giveTo({ user }: ServerHome, path: string): Promise<void> {
  if (user.uid !== undefined && user.gid !== undefined) await chown(path, user.uid, user.gid);
}

async function readPassword(home: string): Promise<string> {
  return (await readFile(passwordFile(home), 'utf8')).trim();
}

function passwordFile(home: string): string {
  return join(home, 'password');
}

/** We hold the folder, so a draft in it was left behind. Its initdb may still be dying: best effort, next time again. */
async function removeDrafts(home: string): Promise<void> {
  const drafts = (await readdir(home)).filter((name) => name.startsWith(DRAFT));
  for (const draft of drafts) {
    await rm(join(home, draft), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}
