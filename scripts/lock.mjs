// A lock file, so that two commands started at once do not install or build over each other.
import * as fs from 'node:fs';
import { hostname } from 'node:os';

const HEARTBEAT_MS = 2_000;
// Fifteen missed heartbeats: a machine that sleeps or swaps loses a few, not so many.
const ABANDONED_AFTER_MS = 30_000;

/** Runs `work` while holding the lock file; waits for a holder that lives, takes over from one that does not. */
export async function withLock(file, work) {
  const mine = `${hostname()} ${process.pid}`;
  for (let waiting = false; !create(file, mine); waiting = true) {
    if (removeIfAbandoned(file, mine)) continue;
    if (!waiting) console.error('Waiting for another Tandem command that installs or builds…');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const heartbeat = setInterval(() => fs.utimesSync(file, new Date(), new Date()), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    fs.rmSync(file, { force: true });
  }
}

/** Linking a finished file into place is atomic, so nobody reads a lock without its holder. */
function create(file, holder) {
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, holder);
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(draft);
  }
}

function removeIfAbandoned(file, mine) {
  try {
    const holder = fs.readFileSync(file, 'utf8');
    const silentFor = Date.now() - fs.statSync(file).mtimeMs;
    if (silentFor < ABANDONED_AFTER_MS && holder !== mine && isAlive(holder)) return false;
    // Of several that see the dead holder one renames its file; if that was already a new lock, it goes back.
    const aside = `${file}.${process.pid}.old`;
    fs.renameSync(file, aside);
    if (fs.readFileSync(aside, 'utf8') !== holder) fs.linkSync(aside, file);
    fs.rmSync(aside);
    return true;
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EEXIST') return true;
    throw error;
  }
}

/** Process ids say something on their own machine only; elsewhere the heartbeat decides. */
function isAlive(holder) {
  const [host, pid] = holder.split(' ');
  if (host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
