import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  countGuesses,
  FORGIVEN_AFTER_MS,
  FREE_FAILURES,
  type GuessMeter,
  isFailedLookup,
  remainingWait,
} from './guess-meter.js';
import { REFUSAL_REASONS } from './refusal-reason.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = 1_800_000_000_000;
const FRESH: GuessMeter = { debt: 0, measuredAt: START, locksInRow: 0, lockedUntil: null };

const fail = (meter: GuessMeter, now: number, failed = 1): GuessMeter =>
  countGuesses(meter, { acceptedBefore: 0, failed, accepted: 0 }, now);
const accept = (meter: GuessMeter, now: number, accepted: number): GuessMeter =>
  countGuesses(meter, { acceptedBefore: 0, failed: 0, accepted }, now);
const isLocked = (meter: GuessMeter, now: number): boolean => remainingWait(meter, now) > 0;

/** Fails one look-up after the other at one instant until the key is locked out; answers how many it took. */
function failUntilLocked(meter: GuessMeter, now: number): { meter: GuessMeter; failures: number } {
  let [failures, failed] = [0, meter];
  while (!isLocked(failed, now)) {
    failed = fail(failed, now);
    failures += 1;
  }
  return { meter: failed, failures };
}

/** A robot that guesses whenever it may, one by one, until the end. */
function guessUntil(end: number): { failures: number; waits: number[] } {
  let [meter, now, failures] = [FRESH, START, 0];
  const waits: number[] = [];
  while (now < end) {
    const round = failUntilLocked(meter, now);
    meter = round.meter;
    failures += round.failures;
    waits.push(remainingWait(meter, now) / SECOND);
    now = meter.lockedUntil ?? end;
  }
  return { failures, waits };
}

describe('a failed look-up', () => {
  it('is one that finds no code of the redeemer', () => {
    expect(REFUSAL_REASONS.filter(isFailedLookup)).toEqual([
      'code.malformed',
      'code.unknown',
      'code.not-yours',
    ]);
    expect(isFailedLookup(null)).toBe(false);
  });
});

describe('a clerk', () => {
  it('may fail fourteen times at once without noticing anything; the fifteenth is followed by half a minute', () => {
    expect(isLocked(fail(FRESH, START, FREE_FAILURES - 1), START)).toBe(false);
    const { meter, failures } = failUntilLocked(FRESH, START);
    expect([failures, remainingWait(meter, START)]).toEqual([15, 30 * SECOND]);
    expect(isLocked(meter, START + 30 * SECOND)).toBe(false);
  });

  it('who fails twice a minute may go on for ever', () => {
    let [meter, locks] = [FRESH, 0];
    for (let now = START; now < START + DAY; now += FORGIVEN_AFTER_MS) {
      meter = fail(meter, now);
      if (isLocked(meter, now)) locks += 1;
    }
    expect(locks).toBe(0);
  });

  it.each([2, 5, 10])('with typing errors in %i % of very many codes is never locked out', (percent) => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        let [meter, state, before] = [FRESH, seed | 0, 0];
        for (let attempt = 0; attempt < 2_000; attempt += 1) {
          state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
          // Ten codes a second: time forgives nearly nothing, the accepted redemptions do.
          const now = START + attempt * 100;
          if ((state >>> 16) % 100 >= percent) before += 1;
          else {
            meter = countGuesses(meter, { acceptedBefore: before, failed: 1, accepted: 0 }, now);
            before = 0;
          }
          if (isLocked(meter, now)) return false;
        }
        return true;
      }),
      { numRuns: 30 },
    );
  });

  it('is forgiven by accepted redemptions, four for one failure', () => {
    const nearly = fail(FRESH, START, 14);
    const failuresAfter = (accepted: number): number =>
      failUntilLocked(accept(nearly, START, accepted), START).failures;
    expect([0, 4, 8, 1_000].map(failuresAfter)).toEqual([1, 2, 3, 15]);
  });

  it('gets nothing in advance for accepted redemptions', () => {
    const good = accept(FRESH, START, 1_000_000);
    expect(failUntilLocked(good, START).failures).toBe(15);
    const tally = { acceptedBefore: 1_000_000, failed: 15, accepted: 0 };
    expect(isLocked(countGuesses(FRESH, tally, START), START)).toBe(true);
  });

  it('may upload many failures among many accepted redemptions, and not many failures alone', () => {
    const upload = (failed: number, accepted: number): boolean =>
      isLocked(countGuesses(FRESH, { acceptedBefore: 0, failed, accepted }, START), START);
    expect([upload(200, 800), upload(50, 950), upload(14, 0)]).toEqual([false, false, false]);
    expect([upload(300, 700), upload(50, 0)]).toEqual([true, true]);
  });
});

describe('a robot', () => {
  it('waits twice as long each time, an hour at most', () => {
    const { waits } = guessUntil(START + 5 * HOUR);
    expect(waits.slice(0, 10)).toEqual([30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
  });

  it('gets fewer than twenty guesses an hour in the long run', () => {
    expect(guessUntil(START + DAY).failures).toBeLessThan(20 * 24);
  });

  it('starts again with half a minute after a quiet day, and not before', () => {
    const { meter } = failUntilLocked(FRESH, START);
    const end = meter.lockedUntil ?? 0;
    const waitAfter = (now: number): number => remainingWait(failUntilLocked(meter, now).meter, now);
    expect(waitAfter(end + DAY - 1)).toBe(60 * SECOND);
    expect(waitAfter(end + DAY)).toBe(30 * SECOND);
  });

  it('that posts a thousand guesses at once waits until they are forgiven', () => {
    const meter = fail(FRESH, START, 1_000);
    expect(remainingWait(meter, START)).toBe(985 * FORGIVEN_AFTER_MS);
    expect(failUntilLocked(meter, meter.lockedUntil ?? 0).failures).toBe(1);
  });

  it('waits a day at most', () => {
    expect(remainingWait(fail(FRESH, START, 1_000_000), START)).toBe(DAY);
  });

  it('cannot pay for guesses with redemptions of the one word it knows, but for one in four', () => {
    let [meter, guesses] = [FRESH, 0];
    for (let redemptions = 0; redemptions < 4_000 && !isLocked(meter, START); redemptions += 1, guesses += 1)
      meter = countGuesses(meter, { acceptedBefore: 1, failed: 1, accepted: 0 }, START);
    expect(guesses).toBeLessThan(25);
  });
});

describe('whatever is posted and when', () => {
  const post = fc.record({
    pauseMs: fc.oneof(fc.integer({ min: 0, max: 5 * MINUTE }), fc.integer({ min: 0, max: 2 * HOUR })),
    failed: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 1_000 })),
    accepted: fc.integer({ min: 0, max: 20 }),
    acceptedBefore: fc.integer({ min: 0, max: 20 }),
  });
  const posts = fc.array(post, { maxLength: 60 });

  it('the failures are the free ones, two a minute, a quarter of the accepted ones and the last post at most', () => {
    fc.assert(
      fc.property(posts, (all) => {
        let [meter, now, failed, accepted] = [FRESH, START, 0, 0];
        for (const one of all) {
          now = Math.max(now + one.pauseMs, meter.lockedUntil ?? 0);
          meter = countGuesses(meter, one, now);
          const allowed = FREE_FAILURES + (now - START) / FORGIVEN_AFTER_MS + accepted / 4;
          accepted += one.accepted + one.acceptedBefore;
          expect(failed).toBeLessThan(allowed + 1);
          failed += one.failed;
        }
      }),
    );
  });

  it('a further post never opens a lock, shortens it or makes a second one of it', () => {
    fc.assert(
      fc.property(posts, (all) => {
        let [meter, now] = [FRESH, START];
        for (const one of all) {
          now += one.pauseMs;
          const before = meter;
          meter = countGuesses(before, one, now);
          if (!isLocked(before, now)) continue;
          expect(meter.lockedUntil).toBeGreaterThanOrEqual(before.lockedUntil ?? Infinity);
          expect(meter.locksInRow).toBe(before.locksInRow);
        }
      }),
    );
  });

  it('a look-up that was under way when a lock was made adds what is owed for it and no new wait', () => {
    const { meter } = failUntilLocked(fail(FRESH, START, 100), START);
    const later = fail(meter, START + 10 * MINUTE, 1);
    expect(later.lockedUntil).toBe((meter.lockedUntil ?? 0) + FORGIVEN_AFTER_MS);
  });

  it('a clock that goes back forgives nothing and takes nothing back', () => {
    fc.assert(
      fc.property(post, fc.integer({ min: 1, max: DAY }), (one, back) => {
        const meter = fail(FRESH, START, 10);
        expect(countGuesses(meter, one, START - back)).toEqual(countGuesses(meter, one, START));
      }),
    );
  });
});
