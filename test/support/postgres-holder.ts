import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { eventually } from './eventually.js';

interface Said {
  readonly url?: string;
  readonly folder?: string;
  readonly refusal?: string;
  readonly log?: string;
}

/** A process that runs the embedded PostgreSQL on a folder, as `npm start` does, for tests that kill it. */
export class PostgresHolder {
  readonly said: Said[] = [];

  private constructor(private readonly child: ChildProcess) {
    if (child.stdout)
      createInterface(child.stdout).on('line', (line) => this.said.push(JSON.parse(line) as Said));
  }

  /** Starts the process, in a process group of its own, and does not wait for its server. */
  static spawn(folder: string, port?: number): PostgresHolder {
    const support = join(process.cwd(), 'test', 'support');
    const loader = pathToFileURL(join(support, 'typescript-loader.mjs')).href;
    const parameters = [join(support, 'hold-postgres.ts'), folder, ...(port ? [String(port)] : [])];
    const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
    return new PostgresHolder(
      spawn(process.execPath, ['--import', loader, ...parameters], { stdio, detached: true }),
    );
  }

  /** Starts the process and waits for its server. */
  static async start(folder: string, port?: number): Promise<PostgresHolder> {
    const holder = PostgresHolder.spawn(folder, port);
    await holder.says((said) => said.url ?? said.refusal);
    return holder;
  }

  get url(): string {
    return this.said.find((said) => said.url)?.url ?? '';
  }

  get refusal(): string | undefined {
    return this.said.find((said) => said.refusal)?.refusal;
  }

  /** Waits until the process has printed something of this kind. */
  async says(pick: (said: Said) => string | undefined): Promise<string> {
    let found: string | undefined;
    await eventually(() => {
      found = this.said.map(pick).find((text) => text !== undefined);
      return found !== undefined || this.hasEnded;
    }, 30_000);
    if (found === undefined) throw new Error('the process that runs PostgreSQL ended without saying so');
    return found;
  }

  /** Ctrl-C in a terminal: the signal goes to the whole process group. */
  pressCtrlC(): void {
    if (this.child.pid) process.kill(-this.child.pid, 'SIGINT');
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.hasEnded) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}
