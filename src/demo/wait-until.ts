import { setTimeout as sleep } from 'node:timers/promises';

const ASK_EVERY_MS = 150;

/** Asks again and again until the answer is yes. Throws `complaint` when it is still no after `withinMs`. */
export async function waitUntil(
  isSo: () => Promise<boolean>,
  withinMs: number,
  complaint: () => string,
): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > giveUpAt) throw new Error(complaint());
    await sleep(ASK_EVERY_MS);
  }
}
