import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addPost, CLOCK_TOLERANCE_MS, type ClockWindow, EMPTY_WINDOW, readWindow } from './clock-window.js';

const NOW = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Post {
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly offline: boolean;
}
const post = (skewMs: number, receivedAt = NOW, offline = false): Post => ({
  ...{ occurredAt: receivedAt + skewMs, receivedAt, offline },
});
const windowOf = (...posts: Post[]): ClockWindow => posts.reduce(addPost, EMPTY_WINDOW);

describe('what posts say about the clock of a till', () => {
  it('one post from the future is proof of a clock that runs ahead, also among others that are on time or late', () => {
    const posts = [post(0), post(2 * HOUR, NOW + MINUTE), post(-HOUR)];
    expect(readWindow(windowOf(...posts))).toEqual({
      ...{ skewMs: 2 * HOUR, posts: 1, since: NOW + MINUTE, seenAt: NOW + MINUTE },
    });
  });

  it('a clock is as far ahead as the post that came soonest after its sale', () => {
    expect(readWindow(windowOf(post(110 * MINUTE), post(2 * HOUR), post(HOUR)))).toMatchObject({
      ...{ skewMs: 2 * HOUR, posts: 3 },
    });
  });

  it('one post on time clears a clock of being behind', () => {
    expect(readWindow(windowOf(post(-3 * HOUR), post(-CLOCK_TOLERANCE_MS)))).toBe('on-time');
  });

  it('a clock may be behind when every post is late, by no more than the least late', () => {
    const posts = [post(-3 * HOUR), post(-2 * HOUR, NOW + HOUR), post(-4 * HOUR, NOW + MINUTE)];
    expect(readWindow(windowOf(...posts))).toEqual({
      ...{ skewMs: -2 * HOUR, posts: 3, since: NOW, seenAt: NOW + HOUR },
    });
  });

  it('what an offline till reports late says nothing, what it reports from the future does', () => {
    expect(readWindow(windowOf(post(-5 * HOUR, NOW, true), post(0, NOW, true)))).toBeNull();
    expect(readWindow(windowOf(post(HOUR, NOW, true)))).toMatchObject({ skewMs: HOUR });
  });

  it('the order of the posts does not matter', () => {
    const anyPost = fc
      .tuple(fc.integer({ min: -9, max: 9 }), fc.nat(9), fc.boolean())
      .map(([skew, at, offline]) => post(skew * 4 * MINUTE, NOW + at * MINUTE, offline));
    fc.assert(
      fc.property(fc.array(anyPost), (posts) =>
        expect(windowOf(...posts)).toEqual(windowOf(...[...posts].reverse())),
      ),
    );
  });
});
