import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process started, as the system words it; undefined when no such process runs. With the process id it names
 * one process for good: ids are used again, after a restart of a container even at once.
 */
export function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return askPs(pid, 'lstart=');
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // proc_pid_stat(5): the fields follow the name, which stands in brackets and may hold anything; 3 is the state, 22 the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isGone = fields[0] === 'Z' || fields[0] === 'X';
  return isGone ? undefined : `${fields[19]} ${read('/proc/sys/kernel/random/boot_id')?.trim()}`;
}

/** The command line of a process; empty when there is none to be had. */
export function commandLineOf(pid: number): string {
  if (process.platform !== 'linux') return askPs(pid, 'args=') ?? '';
  return read(`/proc/${pid}/cmdline`)?.split('\0').join(' ') ?? '';
}

function askPs(pid: number, column: string): string | undefined {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
