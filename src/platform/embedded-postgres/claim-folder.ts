import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TandemError } from '../../kernel/errors.js';
import { startOf } from './running-process.js';

interface Owner {
  readonly pid: number;
  readonly start: string | undefined;
}

/**
 * Makes this process the only one that runs a server in `folder` and returns the function that gives the folder back.
 * Takes over from an owner that no longer runs. Throws `embedded-postgres.in-use` while another one does.
 */
export function claimFolder(folder: string): () => void {
  const file = join(folder, 'owner.json');
  const self = JSON.stringify({ pid: process.pid, start: startOf(process.pid) } satisfies Owner);
  while (!create(file, self)) {
    const found = readOwnerText(file);
    if (found === undefined) continue;
    const owner = JSON.parse(found) as Owner;
    if (isRunning(owner)) throw inUse(folder, owner.pid);
    setAside(file, found);
  }
  return () => {
    if (readOwnerText(file) === self) rmSync(file, { force: true });
  };
}

function isRunning(owner: Owner): boolean {
  const start = startOf(owner.pid);
  return start !== undefined && start === owner.start;
}

/** Linking a finished file into place is atomic: there is one winner, and nobody reads half an owner. */
function create(file: string, owner: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, owner);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Of several processes that see the same dead owner one renames its file; if that was a fresh owner, it goes back. */
function setAside(file: string, expected: string): void {
  const aside = `${file}.${process.pid}.old`;
  try {
    renameSync(file, aside);
    if (readOwnerText(aside) !== expected) linkSync(aside, file);
  } catch (error) {
    if (!isCode(error, 'ENOENT') && !isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readOwnerText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function inUse(folder: string, pid: number): TandemError {
  return new TandemError(
    'operational',
    'embedded-postgres.in-use',
    `Tandem already runs on ${folder} (process ${pid}): stop that one first, or give this one another DATA_DIR.`,
  );
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
