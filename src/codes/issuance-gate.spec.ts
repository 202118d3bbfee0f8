import { describe, expect, it } from '@jest/globals';
import { Clock } from '../platform/clock/clock.js';
import { IssuanceGate } from './issuance-gate.js';

class SetClock extends Clock {
  time = 0;
  override now(): number {
    return this.time;
  }
}

/** Work that ends when it is told to. */
function heldWork() {
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const work = (turn: number) => () => {
    started.push(turn);
    return new Promise<number>((resolve) => ends.push(() => resolve(turn)));
  };
  return { started, ends, work };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the gate of issuances', () => {
  it('lets four in, and the others in the order in which they came', async () => {
    const { started, ends, work } = heldWork();
    const gate = new IssuanceGate(new SetClock());
    const all = Promise.all([0, 1, 2, 3, 4, 5].map((turn) => gate.pass(work(turn))));
    await settled();
    expect(started).toEqual([0, 1, 2, 3]);
    ends[2]?.();
    await settled();
    expect(started).toEqual([0, 1, 2, 3, 4]);
    for (let turn = 0; turn < 6; turn += 1) {
      ends[turn]?.();
      await settled();
    }
    expect(await all).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('gives the place on when work fails', async () => {
    const gate = new IssuanceGate(new SetClock());
    const failing = Array.from({ length: 9 }, () => gate.pass(() => Promise.reject(new Error('broken'))));
    const results = await Promise.allSettled(failing);
    expect(results.map(({ status }) => status)).toEqual(Array(9).fill('rejected'));
    expect(await gate.pass(() => Promise.resolve('next'))).toBe('next');
  });

  it('sends those away who have waited for so long that nobody listens, and serves the others', async () => {
    const { started, ends, work } = heldWork();
    const clock = new SetClock();
    const gate = new IssuanceGate(clock);
    const first = [0, 1, 2, 3].map((turn) => gate.pass(work(turn)));
    const hopeless = Promise.allSettled([4, 5].map((turn) => gate.pass(work(turn))));
    clock.time = 9_000;
    const patient = gate.pass(work(6));
    clock.time = 10_001;
    await settled();
    for (const end of ends) end();
    await Promise.all(first);
    const away = { status: 'rejected', reason: { code: 'service.busy', details: { status: 503 } } };
    expect(await hopeless).toMatchObject([away, away]);
    await settled();
    expect(started).toEqual([0, 1, 2, 3, 6]);
    ends[4]?.();
    expect(await patient).toBe(6);
  });

  it('lets no more than two thousand wait', async () => {
    const { ends, work } = heldWork();
    const gate = new IssuanceGate(new SetClock());
    const inside = Array.from({ length: 2_004 }, (_, turn) => gate.pass(work(turn)));
    await expect(gate.pass(work(9_999))).rejects.toMatchObject({ code: 'service.busy' });
    for (let turn = 0; turn < 2_004; turn += 1) {
      ends[turn]?.();
      await Promise.resolve();
      if (ends.length <= turn + 1) await settled();
    }
    expect((await Promise.all(inside)).length).toBe(2_004);
  });
});
