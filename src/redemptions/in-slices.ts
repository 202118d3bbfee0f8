import { setImmediate as letOthersRun } from 'node:timers/promises';

/** Some 3 ms of reading and checking items: what a till that posts meanwhile waits longer, at each step of its decision. */
const SLICE = 50;

/** The slice that runs next. All long lists of the process share it, so that only one slice comes between two looks at the network. */
let turn: Promise<void> = Promise.resolve();

/** Maps a long list slice by slice; between two slices the process answers whoever else has come. */
export async function inSlices<T, R>(items: readonly T[], map: (item: T) => R | Promise<R>): Promise<R[]> {
  const mapped: R[] = [];
  for (let start = 0; start < items.length; start += SLICE) {
    if (items.length > SLICE) await nextTurn();
    mapped.push(...(await Promise.all(items.slice(start, start + SLICE).map(map))));
  }
  return mapped;
}

function nextTurn(): Promise<void> {
  turn = turn.then(() => letOthersRun());
  return turn;
}
