import type { Fleet } from './fleet.js';

const ASK_EVERY_MS = 250;

/** Knows which processes of a fleet want requests, as every load balancer does: by asking them again and again. */
export class LoadBalancer {
  private ready: readonly string[];
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly fleet: Fleet) {
    this.ready = fleet.targets();
    this.timer = setInterval(() => void this.ask(), ASK_EVERY_MS);
  }

  /** Those that said so when they were last asked. */
  readonly targets = (): readonly string[] => this.ready;

  stop(): void {
    clearInterval(this.timer);
  }

  private async ask(): Promise<void> {
    const urls = this.fleet.targets();
    const answers = await Promise.all(urls.map((url) => isReady(url)));
    const ready = urls.filter((_, index) => answers[index]);
    // With none that is ready every one is as good as the other.
    this.ready = ready.length > 0 ? ready : urls;
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    return false;
  }
}
