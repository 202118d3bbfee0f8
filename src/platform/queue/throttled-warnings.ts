import type { LoggerService } from '@nestjs/common';

const SILENCE_MS = 10_000;
// Messages may carry job ids, so the memory of what was said needs an end.
const REMEMBERED = 100;

/** A store that is away fails every second on every connection; a person needs to read that once. */
export class ThrottledWarnings {
  private readonly said = new Map<string, number>();

  constructor(private readonly logger: Pick<LoggerService, 'warn'>) {}

  warn(message: string): void {
    const now = performance.now();
    if (now - (this.said.get(message) ?? -Infinity) < SILENCE_MS) return;
    if (this.said.size >= REMEMBERED) this.said.clear();
    this.said.set(message, now);
    this.logger.warn(message);
  }
}
