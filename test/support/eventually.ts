import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the condition holds; throws when it still does not after `withinMs`. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  withinMs: number,
): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`still not so after ${withinMs} ms`);
    await sleep(5);
  }
}
