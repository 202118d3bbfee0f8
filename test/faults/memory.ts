import { readFileSync } from 'node:fs';
import { quantile } from './figures.js';

/** Watches how much memory a process holds, once every half second; says nothing on a system without /proc. */
export class MemoryWatch {
  private readonly samples: number[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly pid: number) {
    this.timer = setInterval(() => this.look(), 500);
  }

  /** Ends the watch; megabytes in the second and the last quarter of the time, the first being for getting under way. */
  end(): { readonly early: number; readonly late: number } {
    clearInterval(this.timer);
    this.look();
    const quarter = Math.ceil(this.samples.length / 4);
    return {
      early: quantile(this.samples.slice(quarter, 2 * quarter), 0.5),
      late: quantile(this.samples.slice(-quarter), 0.5),
    };
  }

  private look(): void {
    try {
      const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8')) ?? [];
      if (kilobytes) this.samples.push(Math.round(Number(kilobytes) / 1024));
    } catch {
      // No /proc here, or the process is gone.
    }
  }
}
