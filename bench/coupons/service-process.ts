import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A Tandem as `npm start` runs it, API and worker in one process, and what it says about its memory. */
export class ServiceProcess {
  private peakBytes = 0;
  private readonly watching: NodeJS.Timeout;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    this.watching = setInterval(() => void this.look().catch(() => undefined), 250);
  }

  static async start(databaseUrl: string, operatorKey: string): Promise<ServiceProcess> {
    const child = fork(fileURLToPath(new URL('../../src/main.js', import.meta.url)), {
      env: {
        ...{ PATH: process.env['PATH'], DATABASE_URL: databaseUrl, OPERATOR_KEY: operatorKey },
        ...{ PORT: '0', LOG_LEVEL: 'error' },
      },
      // As `npm start` and the Dockerfile run it.
      execArgv: ['--max-semi-space-size=64'],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    let printed = '';
    for await (const chunk of child.stdout!.iterator({ destroyOnReturn: false })) {
      printed += String(chunk);
      const url = /answers at (http:\S+)/.exec(printed)?.[1];
      if (url !== undefined) return new ServiceProcess(child, url);
    }
    throw new Error(`the service did not start: ${printed}`);
  }

  /** The largest resident memory seen so far, in MB. */
  get peakMegabytes(): number {
    return this.peakBytes / 1024 ** 2;
  }

  async stop(): Promise<void> {
    clearInterval(this.watching);
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }

  private async look(): Promise<void> {
    const metrics = await (await fetch(`${this.url}/metrics`)).text();
    const bytes = Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]);
    this.peakBytes = Math.max(this.peakBytes, bytes);
  }
}
