import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEGABYTE = Buffer.alloc(1024 * 1024);
const CRUMB = Buffer.alloc(4096);

/** A disk of its own, in memory, that a test can fill up and free again. Needs the right to mount, as root has. */
export class SmallDisk {
  private filler: number | undefined;
  private isMounted = true;

  private constructor(readonly folder: string) {
    // Also when the test run is broken off.
    process.once('exit', () => this.unmount());
  }

  /** The disk, or the reason why there is none on this machine. */
  static mount(megabytes: number): SmallDisk | string {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-disk-'));
    try {
      const options = `size=${megabytes}m,mode=755`;
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tandem-faults', folder], { stdio: 'pipe' });
      return new SmallDisk(folder);
    } catch (error) {
      rmSync(folder, { recursive: true });
      return `a small disk cannot be mounted here: ${(error as Error).message.trim()}`;
    }
  }

  /** Takes what is left, to the last block; call it again for what others have freed meanwhile. */
  fill(): void {
    this.filler ??= openSync(join(this.folder, 'filler'), 'a');
    for (const piece of [MEGABYTE, CRUMB]) while (this.write(piece)) continue;
  }

  free(): void {
    if (this.filler !== undefined) closeSync(this.filler);
    this.filler = undefined;
    rmSync(join(this.folder, 'filler'), { force: true });
  }

  unmount(): void {
    if (!this.isMounted) return;
    this.isMounted = false;
    this.free();
    execFileSync('umount', ['--lazy', this.folder], { stdio: 'pipe' });
    rmSync(this.folder, { recursive: true });
  }

  private write(piece: Buffer): boolean {
    try {
      return writeSync(this.filler ?? 0, piece) === piece.length;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
      throw error;
    }
  }
}
